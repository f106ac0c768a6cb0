import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compilePlan } from '../../../compile/compile-plan.ts';
import { makeBatch } from '../../../data/batches.ts';
import { prepareData } from '../../../data/prepare.ts';
import { type DataBinding, dataBinding, type ReaderSettings } from '../../../document/data-binding.ts';
import { codeFiles } from '../export.ts';
import { findTorch } from '../find-torch.ts';
import { smallNetwork } from '../small-network.ts';
import { vocabularyJson } from '../vocabulary-json.ts';

const torch = findTorch();
const required = process.env['UNROLL_REQUIRE_ALL'] === '1';
if ('reason' in torch) console.warn(`exported readers are not run: ${torch.reason}`);

interface Case {
  readonly name: string;
  readonly file: string;
  readonly content: string | Buffer;
  readonly task?: DataBinding['task'];
  readonly reader: Partial<ReaderSettings>;
  /** Examples that the file holds, counted by hand. */
  readonly count: number;
}

const table = (input: string | string[], target: string | string[]): Partial<ReaderSettings> => ({
  format: 'delimited',
  inputColumns: [input].flat(),
  targetColumns: [target].flat(),
});
const text = table('text', 'label');
const rows = (count: number, row: (i: number) => string): string => Array.from({ length: count }, (_, i) => row(i)).join('\n');
const windows = 12 - 5 - 2 + 1;

const cases: readonly Case[] = [
  {
    name: 'lines and comments before the table',
    file: 'preamble.csv',
    content: `Export of 2024\nby the station\n\ntext;label\n${rows(6, (i) => `word ${i}, more;${i % 2 ? 'yes' : 'no'}`)}\n`,
    reader: text,
    count: 6,
  },
  {
    name: 'a comment sign',
    file: 'comment.csv',
    content: `# made by hand\ntext,label\n${rows(4, (i) => `hello ${i},${i % 2}`)}\n# a note\nbye,1\n`,
    reader: text,
    count: 5,
  },
  {
    name: 'sep= names the delimiter',
    file: 'excel.csv',
    content: `sep=|\ntext|label\n${rows(4, (i) => `a, b; ${i}|${i % 2}`)}\n`,
    reader: text,
    count: 4,
  },
  {
    name: 'backslashes before quotes',
    file: 'escapes.csv',
    content: `text,label\n"say \\"hi\\", now",a\n"a \\\\ b",b\n"x \\"y\\"",a\n`,
    reader: text,
    count: 3,
  },
  {
    name: 'quotes are ordinary, spaces before cells',
    file: 'bare.tsv',
    content: `text\tlabel\n"open\ta\nan "inner" one\tb\n"closed"\ta\n`,
    reader: text,
    count: 3,
  },
  {
    name: 'spaces after commas',
    file: 'spaced.csv',
    content: `text, label\n${rows(5, (i) => `one ${i}, "x, ${i % 2}"`)}\n`,
    reader: text,
    count: 5,
  },
  {
    name: 'a delimiter at the end of rows, and rows of other widths',
    file: 'trailing.csv',
    content: 'text,label\none,a,\ntwo,b,\nthree,a,\nfour\nfive,b,\nsix,a,x,y\n',
    reader: text,
    count: 4,
  },
  {
    name: 'single quotes',
    file: 'single.csv',
    content: `text,label\n'a, b',x\nc d,y\n'it''s "so"',x\n'two\nlines',y\n'open,x\n`,
    reader: text,
    count: 4,
  },
  {
    name: 'single quotes between spaces',
    file: 'single.txt',
    content: `text   a label\n${rows(6, (i) => `'say  ''${i}'   ${i}.5  ${i % 2}`)}\n`,
    reader: { ...text, delimiter: ' ', header: true, quotes: 'single' },
    count: 6,
  },
  {
    name: 'units under the names',
    file: 'units.csv',
    content: `a,b,y\nm,,(°C)\n${rows(8, (i) => `${i},${i}.5,${i % 3}.25`)}\na,b,y\n`,
    task: 'sequence-regression',
    reader: table(['a m', 'b'], 'y (°C)'),
    count: 8,
  },
  {
    name: 'two levels of names, as pandas writes them',
    file: 'levels.csv',
    content: `,price,price,\n,open,close,label\nday,,usd,\n${rows(8, (i) => `2024-01-0${i + 1},${i},${i}.5,${i % 2}`)}\n`,
    reader: table(['price open', 'price close usd'], 'label'),
    count: 8,
  },
  {
    name: 'any number of spaces between cells',
    file: 'spaces.csv',
    content: `% made by hand\n  text   a label\n${rows(6, (i) => `  "say  ""${i}"""   ${i}.5${' '.repeat(i + 1)}${i % 2}  `)}\n`,
    reader: { ...text, delimiter: ' ', header: true },
    count: 6,
  },
  {
    name: 'a sign at the end of each row',
    file: 'ended.txt',
    content: `${rows(6, (i) => `1,${i % 2 ? 'run' : 'rest'},${i}.5,-${i}.25; `)}\n1,run,,3.5;\n1,run,3.5,2;1,run,4,5;\n1,"a;",2,"3";\n`,
    reader: { ...table(['#2', '#3'], '#1'), delimiter: ',', header: false },
    count: 7,
  },
  {
    name: 'commas inside of the names',
    file: 'names.csv',
    content: `a (m, mean),b [s, max],what, in words\n${rows(6, (i) => `${i}.5,${i}.25,${i % 2 ? 'x' : 'y'}`)}\n`,
    reader: table(['a (m, mean)', 'b [s, max]'], 'what, in words'),
    count: 6,
  },
  {
    name: 'row names and quotes between spaces, as R writes them',
    file: 'r.txt',
    content: `"text" "label"\n${rows(6, (i) => `"${i + 1}" "word ${i}, more" "${i % 2 ? 'a' : 'b'}"`)}\n`,
    reader: text,
    count: 6,
  },
  {
    name: 'tags between commas',
    file: 'word-labels.csv',
    content: `text,word_labels\n${rows(6, (i) => `so it was ${i},"O,B-x,I-x,${i % 2 ? 'O' : 'B-x'}"`)}\nand so,"O, B-x"\nso,B-x\nit is,O\n`,
    task: 'step-tagging',
    reader: table('text', 'word_labels'),
    count: 8,
  },
  {
    name: 'columns of the same name, and one without',
    file: 'double.csv',
    content: `,text,text,label\n${rows(5, (i) => `${i},left ${i},right ${i},${i % 2 ? 'a' : 'b'}`)}\n`,
    reader: table('text#2', 'label'),
    count: 5,
  },
  {
    name: 'row names without a header, as R writes them',
    file: 'r.csv',
    content: `text,label\n${rows(5, (i) => `r${i},word ${i},${i % 2 ? 'a' : 'b'}`)}\n`,
    reader: text,
    count: 5,
  },
  {
    name: 'lines of several kinds of ends, a quoted line break, a header that comes again',
    file: 'ends.csv',
    content: 'text,label\r\none,a\r\n"two\r\nlines",b\rthree,a\n\ntext,label\nfour,b',
    reader: text,
    count: 4,
  },
  {
    name: 'a quote that is never closed costs its own line',
    file: 'open.csv',
    content: 'text,label\none,a\n"two,b\nthree,a\n"four",b\n"five"x,a\nsix,b\n',
    reader: text,
    count: 4,
  },
  {
    name: 'words for missing values',
    file: 'missing.csv',
    content: `text,label\n${rows(4, (i) => `word ${i},${i % 2 ? 'a' : 'b'}`)}\nlost,unknown\n-,a\n`,
    reader: { ...text, missing: ['unknown', '-'] },
    count: 4,
  },
  {
    name: 'windows-1251',
    file: 'cyrillic.csv',
    content: iconv.encode(
      `text,label\n${rows(40, (i) => `Привет, мир номер ${i}`.replace(',', ' –') + (i % 2 ? ',да' : ',нет'))}\n`,
      'windows-1251',
    ),
    reader: text,
    count: 40,
  },
  {
    name: 'UTF-16 with a byte order mark',
    file: 'wide.csv',
    content: Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('text,label\nschön,a\nnaïve,b\n', 'utf16le')]),
    reader: text,
    count: 2,
  },
  {
    name: 'two files put together, each with a byte order mark',
    file: 'joined.csv',
    content: ['one,a\r\ntwo,b', 'three,a\r\nfour,b'].map((part) => `\ufefftext,label\r\n${part}\r\n`).join(''),
    reader: text,
    count: 4,
  },
  {
    name: 'a table whose name does not tell',
    file: 'table.txt',
    content: `text\tlabel\n${rows(5, (i) => `say ${i}\t${i % 2 ? 'a' : 'b'}`)}\n`,
    reader: text,
    count: 5,
  },
  {
    name: 'fastText labels',
    file: 'labels.txt',
    content: '__label__a one word\n__label__b another\n\n__label__a __label__b two\nnone\n__label__a third\n'.concat(
      '__label__b more words\n'.repeat(20),
    ),
    reader: { format: 'text', inputColumns: ['text'], targetColumns: ['label'] },
    count: 23,
  },
  {
    name: 'lists as Python, NumPy and JSON write them',
    file: 'lists.csv',
    content: `text,label\n"['don\\'t', ""it's"", 'a\\u00e9']",a\n"['a' 'b'\n 'c']",b\n"[""x"", 1, 2.50, true, null]",a\n"('p', 'q')",b\n"['cut', ...]",a\n"[1 2\n ... 3]",a\n[...],a\n[not a list,b\n"[1, 'x', None, nan]",a\n`,
    reader: text,
    count: 7,
  },
  {
    name: 'tags in lists',
    file: 'tags.csv',
    content: `words,tags\n"['New', 'York']","['B', 'I']"\n"['Rome']","['B']"\na b c,O O O\nuneven,O O\n`,
    task: 'step-tagging',
    reader: table('words', 'tags'),
    count: 3,
  },
  {
    name: 'decimal commas and thousands, each column its own',
    file: 'german.csv',
    content: `a;b;c;y\n${rows(12, (i) => `${i},5;1.${100 + i},25;−${i};${i % 3 ? `${i},25` : `(${i},5)`}`)}\nNA;1,0;2;3,5\n1;2;3;-\n`,
    task: 'sequence-regression',
    reader: table(['a', 'b', 'c'], 'y'),
    count: 12,
  },
  {
    name: 'one token a row, the sentence in the first row of each; a bad row costs its sentence',
    file: 'sentences.csv',
    content: `x\nSentence #,Word,POS,Tag\n${rows(12, (i) => `${i % 3 ? '' : `Sentence: ${i / 3}`},"w, ${i}",NN,${i % 2 ? 'O' : 'B'}`)}\nSentence: 8,a,NN,O\n,b\n,c,NN,O\nSentence: 9,d,NN,B\n`,
    task: 'step-tagging',
    reader: { ...table('Word', 'Tag'), sentenceColumn: 'Sentence #' },
    count: 5,
  },
  {
    name: 'one token a row, the sentence in every row, with a split that must be the same',
    file: 'numbered.csv',
    content: `sentence,part,word,tag\n${rows(12, (i) => `${Math.floor(i / 2)},${i < 8 ? 'train' : 'dev'},w${i},${i % 2 ? 'O' : 'B'}`)}\n7,train,a,O\n7,dev,b,O\n8,train,c,B\n`,
    task: 'step-tagging',
    reader: { ...table('word', 'tag'), sentenceColumn: 'sentence', splitColumn: 'part' },
    count: 5,
  },
  {
    name: 'numbers that are too large',
    file: 'large.csv',
    content: `a;b;y\n${rows(8, (i) => `${i};3.4e38;${i}`)}\n1;-1e39;2\n1;2;9e99\n1;2;3\n`,
    task: 'sequence-regression',
    reader: table(['a', 'b'], 'y'),
    count: 9,
  },
  {
    name: 'lists with numbers that are too large',
    file: 'large.jsonl',
    content: `${rows(6, (i) => `{"a": [${i}, -3.4e38, 2], "y": ${i}}`)}\n{"a": [1, 1e39], "y": 1}\n{"a": [1${'0'.repeat(400)}], "y": 1}\n{"a": [5, 6], "y": 1}\n`,
    task: 'sequence-regression',
    reader: { format: 'jsonl', inputColumns: ['a'], targetColumns: ['y'] },
    count: 7,
  },
  {
    name: 'thousands with spaces and apostrophes',
    file: 'swiss.csv',
    content: `a;b;y\n${rows(12, (i) => `${1 + i}'${100 + i}'000.5;${i} ${200 + i};1\u202f${300 + i}`)}\n`,
    task: 'sequence-regression',
    reader: table(['a', 'b'], 'y'),
    count: 12,
  },
  {
    name: 'rows of numbers that end in missing values, and a number that stands for one',
    file: 'padded.tsv',
    content: `1\t0.5\t0.25\t0.75\tNaN\n2\t0.1\tNaN\tNaN\tNaN\n1\t0.1\tNaN\t0.3\t0.2\n2\t1\t2\t-999\t-999\n1\tx\t1\t1\t1\n2\t\t\t\t\n`,
    reader: { ...table(['#1', '#2', '#3', '#4'], '#0'), header: false, missing: ['-999'] },
    count: 3,
  },
  {
    name: 'objects inside of JSON objects, half a surrogate pair',
    file: 'nested.jsonl',
    content: [
      { data: { text: 'one', n: 1 }, notes: [{ label: 'a' }, { label: 'b' }] },
      { data: { text: ['two', 2, 2.5, 1e21, 1e-7, 2 ** 70, true, null] }, notes: [{ label: 'b' }] },
      { data: { text: 'half \ud800' }, notes: [{ label: ['a'] }] },
      { data: { text: 'none' }, notes: [] },
      { data: 'text', notes: [{ label: 'a' }] },
    ]
      .map((row) => JSON.stringify(row))
      .join('\n'),
    reader: { format: 'jsonl', inputColumns: ['data.text'], targetColumns: ['notes[0].label'] },
    count: 3,
  },
  {
    name: 'whole numbers of JSON and Python beyond 2^53, as labels and as tokens',
    file: 'ids.jsonl',
    content: rows(
      6,
      (i) =>
        `{"ids": [${i % 2 ? '9007199254740993' : '9007199254740992'}, -12345678901234567890123, ${i}], "text": "[9007199254740993, 1]", "id": 9223372036854775${800 + (i % 2)}}`,
    ),
    reader: { format: 'jsonl', inputColumns: ['ids'], targetColumns: ['id'], lists: 'tokens' },
    count: 6,
  },
  {
    name: 'whole numbers beyond 2^53 that measure something',
    file: 'nanoseconds.jsonl',
    content: rows(6, (i) => `{"x": [1700000000000000${100 + i}, ${i}, 2.5], "y": ${i}}`),
    task: 'sequence-regression',
    reader: { format: 'jsonl', inputColumns: ['x'], targetColumns: ['y'] },
    count: 6,
  },
  {
    name: 'the values of all objects in a list; one without a tag is a bad row',
    file: 'tokens.jsonl',
    content: `${rows(6, (i) => JSON.stringify({ tokens: Array.from({ length: 6 + i }, (_, k) => ({ text: `w${i + k}`, pos: k % 2 ? 'N' : 'V' })) }))}\n{"tokens": [{"text": "a", "pos": "N"}, {"text": "b"}]}\n`,
    task: 'step-tagging',
    reader: { format: 'jsonl', inputColumns: ['tokens[].text'], targetColumns: ['tokens[].pos'] },
    count: 6,
  },
  {
    name: 'a key with a dot beside an object in an object',
    file: 'dots.jsonl',
    content: rows(6, (i) => `{"a.b": "flat ${i}", "a": {"b": "deep ${i}"}, "y": ${i % 2}}`),
    reader: { format: 'jsonl', inputColumns: ['["a.b"]'], targetColumns: ['y'] },
    count: 6,
  },
  {
    name: 'one JSON array over lines',
    file: 'array.json',
    content:
      '[\n  {"text": "one [x] \\" {",\n   "label": 1},\n  {"text": "two", "label": 2.0}, {"text": NaN, "label": 1},\n  {"text": "three", "label": 1}\n]\n',
    reader: { format: 'jsonl', inputColumns: ['text'], targetColumns: ['label'] },
    count: 3,
  },
  {
    name: 'lists of vectors in JSON',
    file: 'vectors.jsonl',
    content: [
      {
        x: [
          [1, 2],
          [3, 4],
        ],
        y: 1.5,
      },
      { x: [[5, 6]], y: '2.5' },
      { x: [[1, 2], [3]], y: 1 },
      { x: [], y: 1 },
      ...[1, 2, 3].map((y) => ({ x: [[y, 1]], y })),
    ]
      .map((row) => JSON.stringify(row))
      .join('\n'),
    task: 'sequence-regression',
    reader: { format: 'jsonl', inputColumns: ['x'], targetColumns: ['y'] },
    count: 5,
  },
  {
    name: 'lists that end in missing values',
    file: 'padded.jsonl',
    content: `${rows(8, (i) => `{"x": [${i}, 0.5, ${i % 2 ? 'null, null' : '1.5'}], "y": ${i % 2}}`)}\n{"x": [1, null, 2], "y": 1}\n{"x": [null], "y": 1}\n`,
    reader: { format: 'jsonl', inputColumns: ['x'], targetColumns: ['y'] },
    count: 8,
  },
  {
    name: 'series of the UEA archive: dimensions between colons, missing values, bad rows',
    file: 'Motions.ts',
    content: `# from the archive\n@problemName Motions\n@timeStamps false\n@univariate false\n@classLabel true sit run\n@data\n${rows(6, (i) => `${i}.5,2e-1,3:-1,${i},${i % 2 ? '?' : '7'}:${i % 2 ? 'sit' : ' run '}`)}\n1,2,?:3,4,NaN:sit\n1,?,2:3,4,5:sit\n1,2:3:sit\n1,2:run\n1,x:3,4:run\n1,2:3,4:?\n`,
    reader: { format: 'ts', inputColumns: ['series'], targetColumns: ['label'] },
    count: 4,
  },
  {
    name: 'series with a number to predict',
    file: 'regression.ts',
    content: `@problemname R\n@UNIVARIATE true\n@targetlabel TRUE\n@data\n${rows(6, (i) => `${i},2,3:${i}.25`)}\n`,
    task: 'sequence-regression',
    reader: { format: 'ts', inputColumns: ['series'], targetColumns: ['target'] },
    count: 6,
  },
  {
    name: 'a table in ARFF: quotes of both kinds, missing values, weights, a sparse row',
    file: 'table.arff',
    content: `% made by hand\n@RELATION 'a b'\n\n@attribute 'step 0' numeric\n@ATTRIBUTE "step\\'1" REAL\n@attribute note string\n@attribute class {'no way', yes}\n@DATA\n${rows(6, (i) => `${i}, 1.${i} ,'it\\'s, "${i}"',${i % 2 ? 'yes' : '"no way"'}`)}\n% a comment\n7,8,?,yes,{0.5}\n{0 9, 2 'a, 3 b'}\n{1 1.25, 3 yes}, {2}\n1,?,x,yes\n1,2,'open,yes\n1,2,yes\n{9 1}\n1,2,x,?\n`,
    reader: { format: 'arff', inputColumns: ['step 0', "step'1"], targetColumns: ['class'] },
    count: 10,
  },
  {
    name: 'a series of several dimensions in ARFF, as the UEA archive writes it',
    file: 'multivariate.arff',
    content: `@relation m\n@attribute s relational\n  @attribute t1 numeric\n  @attribute t2 numeric\n@end s\n@attribute target {1.0,2.0}\n@data\n${rows(6, (i) => `'${i},2\\n3,4.5',${i % 2}.0`)}\n"1,2\\n3",1.0\n'1,2\\nx,1',1.0\n`,
    reader: { format: 'arff', inputColumns: ['s'], targetColumns: ['target'] },
    count: 6,
  },
  {
    name: 'CoNLL-U with multiword tokens, empty nodes and comments',
    file: 'u.conllu',
    content: [
      [
        '# free comment',
        '1-2\tdu\t_\t_\t_\t_\t_\t_\t_\t_',
        '1\tde\tde\tADP\t_\t_\t0\troot\t_\t_',
        '2\tle\tle\tDET\t_\t_\t1\tdet\t_\t_',
        '2.1\tx\tx\tX\t_\t_\t_\t_\t_\t_',
      ],
      ['# text = C#', '1\t#\t#\tSYM\t_\t_\t0\troot\t_\t_'],
      ['1\tbroken\tX', '2\ty\ty\tX\t_\t_\t0\troot\t_\t_'],
      ['1\tfin\tfin\tNOUN\t_\t_\t0\troot\t_\t_'],
    ]
      .map((lines) => `${lines.join('\n')}\n`)
      .join('\n'),
    task: 'step-tagging',
    reader: { format: 'conll', inputColumns: ['#1'], targetColumns: ['#3'] },
    count: 3,
  },
  {
    name: 'CoNLL columns in which # is a token',
    file: 'hash.conll',
    content: '# a comment\n# X\nis O\n\n# X\none O\n# of three\n\nfine O\n',
    task: 'step-tagging',
    reader: { format: 'conll', inputColumns: ['#0'], targetColumns: ['#1'] },
    count: 2,
  },
  {
    name: 'newest first, day first',
    file: 'descending.csv',
    content: `date;value\n${rows(12, (i) => `${String(28 - i).padStart(2, '0')}/01/2024;${i},5`)}\n`,
    task: 'forecasting',
    reader: { format: 'series', inputColumns: ['value'], targetColumns: ['value'] },
    count: windows,
  },
  {
    name: 'groups out of order, months by name, a bad row',
    file: 'groups.csv',
    content: `day,shop,sold\n${rows(24, (i) => `${((i * 5) % 12) + 1} Jan 2024,${i % 2 ? 'north' : 'south'},${i === 7 ? 'x' : i}`)}\n`,
    task: 'forecasting',
    reader: { format: 'series', inputColumns: ['sold'], targetColumns: ['sold'], groupColumn: 'shop' },
    count: -1,
  },
  {
    name: 'dates and times in two columns',
    file: 'clock.txt',
    content: `Date;Time;Power\n${rows(12, (i) => `16/12/2006;${String(23 - i).padStart(2, '0')}:${i % 2}0:00;${i === 1 ? '?' : `${i}.25`}`)}\n`,
    task: 'forecasting',
    reader: { format: 'series', inputColumns: ['Power'], targetColumns: ['Power'] },
    count: -1,
  },
  {
    name: 'dates in every form, from the newest to the oldest',
    file: 'forms.csv',
    content: `date;value\n${[
      ...['31/12/2024 24:00', '31/12/2024', '30/12/2024 1:05\u202fPM', '30/12/2024 12.30.00', '30/12/2024 12:05 AM', '20241229'],
      ...['Dec 28, 2024 23:59:59.75', '28. December 2024 23:59:59.5', '2024-12-28 23:00 -00:30', '2024-12-28 23:00Z', '01/12/50'],
      ...['Nov 1950', '1950/10'],
    ]
      .map((date, i) => `${date};${i}`)
      .join('\n')}\n`,
    task: 'forecasting',
    reader: { format: 'series', inputColumns: ['value'], targetColumns: ['value'] },
    count: windows + 1,
  },
  {
    name: 'times with dots in a column of their own',
    file: 'dots.csv',
    content: `Date;Time;CO\n${rows(12, (i) => `16/12/2006;${String((i * 7) % 12)}.00.00;${i}`)}\n`,
    task: 'forecasting',
    reader: { format: 'series', inputColumns: ['CO'], targetColumns: ['CO'] },
    count: windows,
  },
  {
    name: 'a column that names the split: the rows for training alone, whatever the spelling',
    file: 'split.csv',
    content: `part,text,label\n${rows(12, (i) => `${['train', 'Training ', 'dev', 'TEST'][i % 4]},word ${i},${i % 2 ? 'yes' : 'no'}`)}\nfold 3,word,yes\n`,
    reader: { ...text, splitColumn: 'part' },
    count: 6,
  },
  {
    name: 'a column that names the split of a series: windows of neighbours for training alone',
    file: 'parts.csv',
    // Rows 0 to 8 and 12 to 20 are for training, row 13 of nothing known: 3 windows and 1.
    content: `part,value\n${rows(24, (i) => `${i === 13 ? 'fold 3' : ['train', 'dev', 'train', 'test'][[9, 12, 21, 24].findIndex((end) => i < end)]},${i}.5`)}\n`,
    task: 'forecasting',
    reader: { format: 'delimited', header: true, inputColumns: ['value'], targetColumns: ['value'], splitColumn: 'part' },
    count: 4,
  },
  {
    name: 'sentences to say',
    file: 'pairs.tsv',
    content: `source\ttarget\n${rows(6, (i) => `say ${i}\tdis ${i} "${i}"`)}\nnothing\t\n`,
    task: 'sequence-to-sequence',
    reader: table('source', 'target'),
    count: 6,
  },
];

/** What each train.py makes of its file, in one process: loading torch takes longer than the rest. */
const program = `
import importlib, json, os, sys
from argparse import Namespace
found = []
for folder, path in json.loads(sys.stdin.read()):
    for file in os.listdir(folder):
        sys.modules.pop(file[: -len(".py")], None)
    sys.path[0] = folder
    importlib.invalidate_caches()
    import data, rows
    vocabulary = json.load(open(os.path.join(folder, "vocabulary.json"), encoding="utf-8"))
    options = Namespace(format=None, input=None, target=None, no_header=False)
    try:
        found.append([[x.flatten().tolist(), y.flatten().tolist()] for x, y in data.read_examples({"train": [path]}, rows.Rows(vocabulary, options))["train"]])
    except Exception as error:
        found.append(repr(error))
print(json.dumps(found))`;

describe.skipIf('reason' in torch && !required)('exported Python reads what the app reads', () => {
  const root = mkdtempSync(join(tmpdir(), 'unroll-reading-'));
  const read = new Map<string, { readonly app: unknown[]; readonly python: unknown }>();
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  beforeAll(async () => {
    const apps: unknown[][] = [];
    const asked: [string, string][] = [];
    for (const one of cases) {
      const path = join(root, String(apps.length), one.file);
      const folder = join(dirname(path), 'export');
      mkdirSync(folder, { recursive: true });
      writeFileSync(path, one.content);
      const binding = dataBinding.parse({
        source: { kind: 'file', path, reader: one.reader },
        task: one.task ?? 'sequence-classification',
        split: { validation: 0, test: 0 },
        window: { length: 5, horizon: 2 },
      });
      const { encoding, splits } = await prepareData(binding);
      const compiled = compilePlan(smallNetwork(binding, encoding.facts.features !== null), encoding.facts);
      if (!compiled.ok) throw new Error(`${one.name}: ${JSON.stringify(compiled.problems)}`);
      const { plan } = compiled;
      for (const [name, code] of codeFiles({ document: smallNetwork(binding, false), plan, encoding }))
        writeFileSync(join(folder, name), code);
      writeFileSync(join(folder, 'vocabulary.json'), vocabularyJson(encoding));
      asked.push([folder, path]);
      apps.push(
        Array.from({ length: splits.train.count }, (_, example) => {
          const batch = makeBatch(splits.train, Uint32Array.of(example), encoding.facts.features);
          const target = batch.tagTargets ?? batch.classTargets ?? batch.numberTargets ?? [];
          return [Array.from(batch.tokens ?? batch.series ?? []), Array.from(target)];
        }),
      );
    }
    const python = spawnSync('reason' in torch ? 'python3' : torch.python, ['-c', program], {
      cwd: root,
      encoding: 'utf8',
      input: JSON.stringify(asked),
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    });
    expect(python.stderr).toBe('');
    const found = JSON.parse(python.stdout) as unknown[];
    cases.forEach(({ name }, i) => {
      read.set(name, { app: apps[i] ?? [], python: found[i] });
    });
  }, 120_000);

  it.each(cases)('$name', ({ name, count }) => {
    const found = read.get(name);
    expect(found?.app.length).toBeGreaterThan(0);
    if (count >= 0) expect(found?.app).toHaveLength(count);
    expect(rounded(found?.python)).toEqual(rounded(found?.app));
  });
});

/** Single and double precision differ in the last places. */
const rounded = (value: unknown): unknown =>
  Array.isArray(value) ? value.map(rounded) : typeof value === 'number' ? Math.round(value * 1e4) / 1e4 + 0 : value;
