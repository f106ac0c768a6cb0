import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { PositionEncoding, Workspace } from '@astral-sh/ruff-wasm-nodejs';
import { expect, it } from 'vitest';
import { dateForms, monthNames } from '../data/readers/dates.ts';
import { usualMissing } from '../data/readers/missing.ts';
import { pythonFile } from './python-file.ts';
import { blockCases } from './pytorch/block-cases.ts';
import { customCellCases } from './pytorch/custom-cell-cases.ts';
import { codeFiles } from './pytorch/export.ts';
import { findTorch } from './pytorch/find-torch.ts';
import { mediaCases } from './pytorch/media-cases.ts';
import { layerCases, recurrentCases } from './pytorch/parity-cases.ts';
import { structureCases } from './pytorch/structure-cases.ts';

const files = readdirSync(new URL('./python', import.meta.url)).filter((name) => name.endsWith('.py'));

/** Exported code runs on Python 3.8 and newer; its files lie side by side in one folder. */
const settings = {
  'target-version': 'py38',
  'line-length': 130,
  // B023: what is made in a loop of test_parity.py is called before the loop goes on.
  lint: { select: ['B', 'E4', 'E7', 'E9', 'F', 'PLE', 'UP', 'W'], ignore: ['B023'] },
};
const workspace = new Workspace(settings, PositionEncoding.Utf16);
interface Diagnostic {
  readonly code: string | null;
  readonly message: string;
  readonly start_location: { readonly row: number };
}
const faults = (code: string): string[] =>
  (workspace.check(code) as readonly Diagnostic[]).map(
    ({ code: rule, message, start_location: { row } }) => `line ${row}: ${rule} ${message}`,
  );

it.each(files)('%s is formatted, and ruff finds nothing in it', (name) => {
  const code = pythonFile(name);
  expect(faults(code)).toEqual([]);
  expect(workspace.format(code)).toBe(code);
});

it('ruff finds a name that is not there', () => {
  expect(faults('print(missing)\n')).toEqual(['line 1: F821 Undefined name `missing`']);
});

it('ruff finds nothing in what is written for a model', () => {
  const recurrent = recurrentCases().filter((_one, i) => i % 9 === 0);
  const custom = customCellCases().filter(({ name }) => !/^random cell \d*[1-9] /.test(name));
  const cases = [...recurrent, ...layerCases(), ...structureCases(), ...blockCases(), ...mediaCases(), ...custom];
  const seen = new Set<string>();
  for (const one of cases) {
    for (const [name, code] of codeFiles(one)) {
      if (!name.endsWith('.py') || seen.has(code)) continue;
      seen.add(code);
      expect(faults(code), `${name} of ${one.name}`).toEqual([]);
    }
  }
  expect(seen.size).toBeGreaterThan(100);
});

const torch = findTorch();
if ('reason' in torch) console.warn(`the rules of exported Python are not compared: ${torch.reason}`);

it.skipIf('reason' in torch && process.env['UNROLL_REQUIRE_ALL'] !== '1')(
  'knows the dates and the words for missing values that the app knows',
  () => {
    if ('reason' in torch) throw new Error(torch.reason);
    const told = spawnSync(
      torch.python,
      ['-c', 'import json, cells, dates; print(json.dumps([dates.FORMS, dates.MONTHS, sorted(cells.MISSING)]))'],
      { cwd: new URL('./python', import.meta.url), encoding: 'utf8', env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' } },
    );
    const inPython = (pattern: string): string => pattern.replaceAll('(?<', '(?P<').replaceAll(/\\k<(\w+)>/g, '(?P=$1)');
    const missing = usualMissing.map((word) => word.toLowerCase());
    expect(JSON.parse(told.stdout)).toEqual([dateForms.map(inPython), monthNames, missing.toSorted()]);
  },
);
