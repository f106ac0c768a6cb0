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
