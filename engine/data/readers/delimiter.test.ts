import { expect, it } from 'vitest';
import { detectDelimiter } from './delimiter.ts';

it.each<[string, readonly string[], string]>([
  ['commas', ['text,label', 'a; b,1', 'c; d; e,2'], ','],
  ['semicolons', ['text;label', 'a, b;1', 'c;2'], ';'],
  ['tabs', ['text\tlabel', 'a, b\t1', 'c, d, e\t2'], '\t'],
  ['bars', ['a|b|c', '1|2|3'], '|'],
  ['semicolons beside quoted commas', ['"x,y";1', '"z";2'], ';'],
  ['one column', ['only', 'one', 'column'], ','],
  ['nothing', [], ','],
  ['empty lines between', ['', 'a;b', '', '', '1;2', ' '], ';'],
  ['what the header agrees with', ['when;what', 'a, b, c;1', 'd, e, f;2', 'g, h, i;3', 'j;4'], ';'],
  ['what the header agrees with, though fewer rows do', ['text;label', 'a, b;1', 'c, d;2', 'e, f', 'g, h'], ';'],
  ['what leaves numbers', ['1,5;2,5', '3,5;4,5'], ';'],
  ['what leaves numbers and dates', ['1.1.2020;1,5', '2.1.2020;2,5', '3.1.2020;NA,'], ';'],
  ['a header with an open quote', ['"a;b', 'x;y', '1;2'], ';'],
  ['rows of other widths', ['a;b', '1;2', '3;4', '5;6;7', 'x, y'], ';'],
])('%s', (_name, lines, delimiter) => {
  expect(detectDelimiter(lines)).toBe(delimiter);
});
