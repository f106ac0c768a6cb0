import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cellProgram } from '../../../cells/cell-program.ts';
import { cellLibrary } from '../../../cells/library.ts';
import { registerProgram } from '../../../cells/program/register-program.ts';
import { randomCell } from '../../../cells/random-cell.test-support.ts';
import { Random } from '../../../random.ts';

/** A file with the register programs of the library's cells and of random ones, one a line, for `fuzz.cc`. */
export function programsFile(random: number): string {
  const texts = [
    ...cellLibrary.map(({ equations }) => equations),
    ...Array.from({ length: random }, (_, seed) => randomCell(new Random(seed, 'fuzz'))),
  ];
  const lines = texts.map((text, index) =>
    registerProgram(cellProgram(text, 3 + ((index * 7) % 30)), 1 + (index % 20)).words.join(' '),
  );
  const file = join(mkdtempSync(join(tmpdir(), 'unroll-programs-')), 'programs.txt');
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}
