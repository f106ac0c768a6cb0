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
  ['spaces between numbers', [' 1.5  2.5', ' 1   3', '22.5 4.25'], ' '],
  ['spaces between numbers with a class, under names', ['f1 f2 f3 kind', '1 2 3.5 oak', '4 5 6.5 elm', '7 8 9 oak'], ' '],
  ['spaces between numbers, some missing', ['1 NA', '2 1.5', '? 4'], ' '],
  ['spaces between dates and numbers', ['2024-01-01 1.5', '2024-01-02 2', '2024-01-03 4'], ' '],
  ['spaces between numbers with decimal commas', ['1,5 2,5', '3,25 4', '5,5 6'], ' '],
  ['spaces between numbers below a title', ['Data of the station', 'in May', '', '1 2 3', '4 5 6', '7 8 9'], ' '],
  ['commas between numbers with spaces around', ['1 , 2', '3 , 4', '5 , 6'], ','],
  ['commas between numbers with spaces before', ['1 ,2', '3 ,4', '5 ,6'], ','],
  ['tabs between numbers with spaces around', ['1 \t 2', '3 \t 4', '5 \t 6'], '\t'],
  ['one column of thousands', ['1 234', '5 678', '12 345.5'], ','],
  ['one column of dates with times', ['2024-01-01 10:00', '2024-01-01 11:00', '2024-01-01 12:00'], ','],
  ['texts of as many words', ['the cat sat', 'a dog ran', 'two cats sat'], ','],
  ['texts of as many words, with numbers', ['room 101 free', 'room 102 taken', 'room 103 free'], ','],
  ['two rows', ['1 2', '3 4'], ','],
])('%s', (_name, lines, delimiter) => {
  expect(detectDelimiter(lines)).toBe(delimiter);
});
