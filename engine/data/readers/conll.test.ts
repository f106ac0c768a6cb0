import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { previewFile } from '../preview.ts';
import { ConllParser } from './conll.ts';
import type { ReadRow } from './record.ts';

const folder = mkdtempSync(join(tmpdir(), 'unroll-conll-'));
afterAll(() => rmSync(folder, { recursive: true }));

function parse(text: string): ReadRow[] {
  const parser = new ConllParser();
  const out: ReadRow[] = [];
  text.split('\n').forEach((line, i) => {
    parser.push(line, i + 1, out);
  });
  parser.end(out);
  return out;
}

const word = (id: string, form: string, tag: string): string => [id, form, '_', tag, '_', '_', '_', '_', '_', '_'].join('\t');
const sentence = [word('1-2', 'vamonos', '_'), word('1', 'vamos', 'VERB'), word('2', 'nos', 'PRON'), word('2.1', 'x', 'VERB')];

describe('CoNLL-U', () => {
  it.each([
    ['before the first token', ['# no sign here', '#', ...sentence]],
    ['inside a sentence', [...sentence.slice(0, 2), '# anything at all', ...sentence.slice(2)]],
    ['alone, before an empty line', ['# title of the file', '', ...sentence]],
  ])('skips multiword tokens, empty nodes and free comments %s', (_where, lines) => {
    const rows = parse(`${lines.join('\n')}\n\n${sentence.join('\n')}\n`);
    expect(rows).toHaveLength(2);
    for (const row of rows) expect(row).toMatchObject({ cells: { 1: ['vamos', 'nos'], 3: ['VERB', 'PRON'], length: 10 } });
  });

  it('is guessed as FORM and UPOS, or XPOS where that is not given', async () => {
    const path = join(folder, 'a.conllu');
    writeFileSync(path, `# a comment\n${`${sentence.join('\n')}\n\n`.repeat(4)}`);
    expect(await previewFile(path)).toMatchObject({
      task: 'step-tagging',
      reader: { format: 'conll', inputColumns: ['#1'], targetColumns: ['#3'] },
    });
    const tagged = ['1\tgo\tgo\t_\tVB\t_\t0\troot\t_\t_', '2\tup\tup\t_\tRP\t_\t1\tprt\t_\t_'].join('\n');
    writeFileSync(path, `${tagged}\n\n${tagged}\n`);
    expect((await previewFile(path)).reader.targetColumns).toEqual(['#4']);
  });
});

it('takes a line with # for a comment where it has none of the tabs that the others have, of as many words too', () => {
  const rows = parse('# id 1\na\tDT\tO\nrow\tNN\tO\n\n# id 2\nb\tDT\tO\n#\tSYM\tO\n');
  expect(rows.map((row) => 'cells' in row && row.cells[0])).toEqual([
    ['a', 'row'],
    ['b', '#'],
  ]);
});

it('keeps a token # where it has the columns of the others', () => {
  expect(parse('#\tNN\n1\tCD\n\n# of rows\na\tDT\n#\tSYM\n')).toEqual([
    {
      line: 1,
      cells: [
        ['#', '1'],
        ['NN', 'CD'],
      ],
    },
    {
      line: 5,
      cells: [
        ['a', '#'],
        ['DT', 'SYM'],
      ],
    },
  ]);
});

it('tells a sentence with a line of another width, and reads the others', () => {
  expect(parse('a DT\nb\nc\n\n  \nd  NN \n-DOCSTART- -X- O\n e VB\n')).toEqual([
    { line: 1, reason: 'sentence left out: line 2: expected 2 columns, found 1: b' },
    {
      line: 6,
      cells: [
        ['d', 'e'],
        ['NN', 'VB'],
      ],
    },
  ]);
  expect(parse('a\tx y\t\nb\tz\n\nc\n')).toEqual([
    {
      line: 1,
      cells: [
        ['a', 'b'],
        ['x y', 'z'],
      ],
    },
    { line: 4, reason: 'sentence left out: line 4: expected 2 columns, found 1: c' },
  ]);
});

it.each(['# sent_id = 1', '#id = x', '# newdoc', '# newpar id'])(
  'takes %s for a comment, in a sentence and before it',
  (comment) => {
    expect(parse(`${comment}\na X\n${comment}\nb Y\n`)).toEqual([
      {
        line: 2,
        cells: [
          ['a', 'b'],
          ['X', 'Y'],
        ],
      },
    ]);
  },
);

it.each(['x# newdoc', '#a=', '# so it is'])('takes %s for a token or a sentence that is none, among two columns', (line) => {
  expect(parse(`a X\n${line}\n`)[0]).toMatchObject(
    line.split(' ').length === 2
      ? {
          cells: [
            ['a', 'x#'],
            ['X', 'newdoc'],
          ],
        }
      : { line: 1, reason: expect.stringContaining(line) },
  );
});

it('keeps a token that looks like a range where there are no ten columns', () => {
  expect(parse('won V\n3-1 NUM\n')[0]).toMatchObject({ cells: { 0: ['won', '3-1'] } });
});
