import { describe, expect, it } from 'vitest';
import type { ReaderSettings } from '../../document/data-binding.ts';
import { findTable, type TableLayout } from './find-table.ts';

const times = (count: number, line: (i: number) => string): string[] => Array.from({ length: count }, (_, i) => line(i));
const two = times(6, (i) => `so it was ${i},k${i % 2}`);
const three = times(6, (i) => `${i},so it was ${i},k${i % 2}`);

it.each<[string, readonly string[], Partial<TableLayout>]>([
  ['a line of Excel', ['sep=;', 'text;label', 'a;b'], { delimiter: ';', skipLines: 1, names: ['text', 'label'] }],
  ['a line of Excel, filled up', ['Sep=|;;', 'text|label', 'a, b|c'], { delimiter: '|', skipLines: 1 }],
  ['a line of Excel with a tab', ['sep=\t', 'text\tlabel', 'a,b\tc'], { delimiter: '\t', skipLines: 1 }],
  ['a line of Excel with a space', ['"sep=;" ', 'text;label', 'a,b;c'], { delimiter: ';', skipLines: 1 }],
  ['a text that looks like one', ['sep=;x', 'text;label', 'a;b'], { skipLines: 0 }],
  ['another text that looks like one', ['asep=;', 'text,label', ...two], { delimiter: ',' }],

  ['one note', ['Report', 'text,label', ...two], { skipLines: 1, names: ['text', 'label'] }],
  ['notes with empty lines', ['Report', '', 'of May', '', 'text,label', ...two], { skipLines: 4 }],
  ['a note of two cells', ['Station,Vienna', 'a,text,label,n', ...times(6, (i) => `a,b ${i},k,${i}`)], { skipLines: 1 }],
  ['a note that is filled up', ['Report,,', 'id,text,label', ...three], { skipLines: 1, names: ['id', 'text', 'label'] }],
  ['a note that is filled up with spaces', ['Report, , ', 'id,text,label', ...three], { skipLines: 1 }],
  ['two notes that are filled up over two columns', ['Report,', 'of May,', 'text,label', ...two], { skipLines: 2 }],
  ['a header without its second name', ['text,', ...two], { skipLines: 0, header: true, names: ['text', ''] }],
  [
    'names with commas inside',
    ['a (m, mean),b, of all', '1,2', '3,4', '5,6'],
    { skipLines: 0, names: ['a (m, mean)', 'b, of all'] },
  ],
  ['names by custom over unquoted texts', ['label,text', ...times(6, (i) => `k,so, it, was ${i}`)], { skipLines: 0, width: 2 }],
  ['words by custom over a header', ['date,time', 'id,text,n,label', ...times(6, (i) => `${i},a,${i},k`)], { skipLines: 1 }],
  ['names over numbers between spaces, one too few', ['a b', '1 2.5 x', '2 3.5 y', '3 4.5 x'], { names: ['', 'a', 'b'] }],
  ['names over named rows between spaces', ['a b', 'u 2.5 1', 'v 3.5 2', 'w 4.5 3'], { names: ['', 'a', 'b'] }],
  ['a row whose last cell alone is filled', [',,k1', ...three], { skipLines: 0, width: 3 }],
  ['a row without its last cell', ['0,so it was,', ...three], { skipLines: 0, width: 3 }],
  ['sixty notes', [...times(60, (i) => `note ${i}`), 'text,label', ...times(70, (i) => `a ${i},b`)], { skipLines: 60 }],
  [
    'more notes than anybody writes',
    [...times(61, (i) => `note ${i}`), 'text,label', ...times(70, (i) => `a ${i},b`)],
    { skipLines: 0 },
  ],
  ['a note over three rows', ['Report', 'text,label', 'a,b', 'c,d'], { skipLines: 1 }],
  ['a line over two rows', ['Report', 'text,label', 'a,b'], { skipLines: 0 }],
  ['a note over rows of which four of five fit', ['Report', 'text,label', 'a,b', 'c,d', 'e,f', 'g,h', 'i,j,k'], { skipLines: 1 }],
  ['a line over rows of which three of four fit', ['Report', 'text,label', 'a,b', 'c,d', 'e,f', 'i,j,k'], { skipLines: 0 }],
  ['notes over numbers between spaces', ['Data of 2024', 'of May', '1 5 3', '4 5 6', '7 8 9'], { skipLines: 2, header: false }],
  ['names over numbers between spaces', ['Report', ' a  b', '1 2', '3  4', '5 6 '], { skipLines: 1, names: ['a', 'b'] }],
  ['commas in the first line of a text', ['one, two, three', 'word', 'other', 'more'], { skipLines: 0 }],
])('%s', (_name, lines, expected) => {
  expect(findTable(lines, {})).toMatchObject(expected);
});

it.each<[string, readonly string[], string]>([
  ['most rows', ['1,a,2;', '2,b,3; ', '', '3,c,4;', '4,d,5;', '5,e,6'], ';'],
  ['too few rows', ['1,a,2;', '2,b,3;', '3,c,4', '4,d,5;'], ''],
  ['one row', ['1,a,2;'], ''],
  ['rows that it cuts', ['1;a;', '2;b;', '3;c;'], ''],
])('a sign at the end of %s', (_name, lines, rowEnd) => {
  expect(findTable(lines, {}).rowEnd).toBe(rowEnd);
  expect(findTable(lines, { rowEnd: '' }).rowEnd).toBe('');
});

it('looks no further than it is told', () => {
  const lines = ['sep=;', 'Report', 'text;label', 'a;b', 'c;d'];
  expect(findTable(lines, { skipLines: 0 })).toMatchObject({ skipLines: 0 });
  expect(findTable(lines, { skipLines: 2 })).toMatchObject({ skipLines: 2, names: ['text', 'label'] });
  expect(findTable(lines, { skipLines: null, delimiter: ';' })).toMatchObject({ skipLines: 2 });
  expect(findTable(['sep=;', 'a,b;c', 'd,e;f', 'g,h;i'], { delimiter: ',' })).toMatchObject({ delimiter: ',', skipLines: 1 });
  expect(findTable(['text,label', 'a,b'], { header: false })).toMatchObject({ header: false, width: 2, names: [] });
  expect(findTable(['a b', 'c d', '1 2', 'e f'], { delimiter: ' ', header: false })).toMatchObject({ skipLines: 0, width: 2 });
  expect(findTable([], {})).toMatchObject({ width: null, names: [], skipLines: 0 });
});

describe('comments', () => {
  it.each<[string, readonly string[], string]>([
    ['above the table', ['# a; b; c', '# d; e; f', 'text,label', ...two], '#'],
    ['above the table, after an empty line', [' ', '% note', 'text,label', ...two], '%'],
    ['of slashes', ['// note', 'text,label', ...two], '//'],
    ['of semicolons', [';;; # of  sounds', 'A  AH0', 'B  B IY1', 'C  S IY1'], ';;;'],
    ['of exclamation marks', ['! note', 'text,label', ...two], '!'],
    ['with an empty line between', ['# note', '', '# note', 'text,label', ...two], '#'],
    ['above one column', ['# note', 'so it was', 'and so', 'it is'], '#'],
    ['above one column, where a line begins with the sign, too', ['#so', 'it was', '#and', 'so'], ''],
    ['of as many words as there are numbers between spaces', ['# a note', '# of May', '1 2', '3 4', '5 6'], '#'],
    ['alone', ['# a', '# b'], ''],
    ['that are the header', ['#id,text', '1,a', '2,b'], ''],
    ['of which the last is the header', ['# note', '#id,text', '1,a', '2,b'], ''],
    ['that are not there', ['text,label', ...two, '# note'], ''],
  ])('%s', (_name, lines, comment) => {
    expect(findTable(lines, {}).comment).toBe(comment);
  });

  it('say nothing about the delimiter', () => {
    const lines = [...times(9, () => '# a;b;c'), 'text,label', ...two];
    expect(findTable(lines, {})).toMatchObject({ comment: '#', delimiter: ',', names: ['text', 'label'] });
    const noted = ['text,label', ...two, ...times(20, () => '$ a;b;c')];
    expect(findTable(noted, { comment: '$' })).toMatchObject({ delimiter: ',' });
  });
});

describe('quotes', () => {
  it.each<[string, readonly string[], Partial<ReaderSettings>, Partial<TableLayout>]>([
    ['doubled', ['text,label', '"a ""b"", c",d', '"e",f'], {}, { quotes: 'doubled', trim: false }],
    ['behind a backslash', ['text,label', '"a \\"b\\", c",d', '"e",f'], {}, { quotes: 'backslash' }],
    ['doubled where backslashes change nothing', ['text,label', 'C:\\x,d', '"e",f'], {}, { quotes: 'doubled' }],
    ['after spaces', ['text,label', '"a", "b, c"', '"d", "e"'], {}, { trim: true }],
    ['after spaces now and then', ['text,label', 'a, "b"', 'c,d', 'e,f'], {}, { trim: true }],
    ['after spaces inside of a text', ['text,label', 'he said, "no",a', 'b,c', 'd,e'], {}, { trim: false }],
    ['as told', ['text,label', '"a ""b"", c",d'], { quotes: 'none', trim: true }, { quotes: 'none', trim: true }],
    ['after spaces, as told', ['text,label', '"a", "b, c"', '"d", "e"'], { trim: false }, { trim: false }],
  ])('%s', (_name, lines, wanted, expected) => {
    expect(findTable(lines, wanted)).toMatchObject(expected);
  });
});

it.each<[string, readonly string[], Partial<TableLayout>]>([
  ['names of the rows, as R writes them', ['x,y', 'r1,1,2', 'r2,3,4'], { width: 3, names: ['', 'x', 'y'], header: true }],
  [
    'a cell that its comma cuts, after a date',
    ['date,v', '2024-01-31,1,5', '2024-02-01,2,25'],
    { width: 2, names: ['date', 'v'] },
  ],
  ['names of the rows that are no dates', ['date,v', 'a,2024-01-31,5', 'b,2024-02-01,25'], { width: 3, rowNames: true }],
  ['names of the rows, and empty cells', ['x,y', 'r1,1,2', 'r2,3,'], { width: 3, names: ['', 'x', 'y'] }],
  ['a delimiter at the end of each row', ['x,y', '1,2,', '3,4, '], { width: 2, names: ['x', 'y'], header: true }],
  ['a delimiter at the end of the header', ['x,y,', '1,2', '3,4', '5,6'], { width: 2, names: ['x', 'y'] }],
  ['more names than cells', ['x,y,z', '1,2', '3,4', '5,6'], { width: 3, names: ['x', 'y', 'z'] }],
  ['more names than cells, one of them empty', ['x,y,,z', '1,2', '3,4'], { width: 4, names: ['x', 'y', '', 'z'] }],
  ['names that are none, over names of the rows', ['what was said,how many', 'r1,so it was,1', 'r2,or so,2'], { header: true }],
  ['names that are none, over empty last cells', ['how many,what was said', '1,so it was,', '2,or so,'], { header: true }],
  [
    'names that are none, over rows of several widths',
    ['how many,what was said', '1,so it was', 'a, b, c', '2,or so', 'd, e, f', '3,and so'],
    { header: true, width: 2 },
  ],
  ['fewer names than cells', ['x,y', '1,2,3,4', '5,6,7,8'], { width: 2, names: ['x', 'y'] }],
  ['rows of other widths', ['1,2', '3,4,5', '6,7'], { width: 2, names: [], header: false }],
  ['a row of another width, whose cells are no names', ['x,y', '1,2', 'u,v,w', '3,4'], { width: 2, header: true }],
  ['a header alone', ['x,y'], { width: 2, names: ['x', 'y'], header: true }],
])('%s', (_name, lines, expected) => {
  expect(findTable(lines, {})).toMatchObject(expected);
});
