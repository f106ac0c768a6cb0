import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { PositionEncoding, Workspace } from '@astral-sh/ruff-wasm-nodejs';
import { expect, it } from 'vitest';
import { bucketByLength } from '../data/bucket.ts';
import type { EncodedSplit } from '../data/dataset.ts';
import { dateForms, monthNames, parseDate, zoneHours } from '../data/readers/dates.ts';
import { usualMissing } from '../data/readers/missing.ts';
import { assignSplits, chooseExamples, sharesToCut } from '../data/split.ts';
import { streamBatches } from '../data/streams.ts';
import { stretchesOf } from '../data/windows.ts';
import { Random } from '../random.ts';
import { pythonFile } from './python-file.ts';
import { blockCases } from './pytorch/block-cases.ts';
import { customCellCases } from './pytorch/custom-cell-cases.ts';
import { findTorch } from './pytorch/find-torch.ts';
import { mediaCases } from './pytorch/media-cases.ts';
import { writeModule } from './pytorch/module-writer.ts';
import { layerCases, recurrentCases } from './pytorch/parity-cases.ts';
import { structureCases } from './pytorch/structure-cases.ts';

const files = readdirSync(new URL('./python', import.meta.url)).filter((name) => name.endsWith('.py'));
/** What tests run with PyTorch and onnxruntime. */
const ofTests = [
  ...['python_unit.py', 'warm_python.py', 'random_graphs_runner.py', 'pytorch/parity_runner.py', 'pytorch/train/train_runner.py'],
  ...['pytorch/exported_module.py', 'pytorch/saliency_runner.py', 'onnx/parity_runner.py'],
];

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

it.each(ofTests)('%s of the tests is formatted, and ruff finds nothing in it', (name) => {
  const code = readFileSync(new URL(name, import.meta.url), 'utf8');
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
    const code = writeModule(one.plan);
    if (seen.has(code)) continue;
    seen.add(code);
    expect(faults(code), `model.py of ${one.name}`).toEqual([]);
  }
  expect(seen.size).toBeGreaterThan(100);
});

const torch = findTorch();
if ('reason' in torch) console.warn(`the rules of exported Python are not compared: ${torch.reason}`);

const withTorch = it.skipIf('reason' in torch && process.env['UNROLL_REQUIRE_ALL'] !== '1');
/** Runs Python beside the exported files. */
const python = (args: readonly string[], input = '') => {
  if ('reason' in torch) throw new Error(torch.reason);
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };
  return spawnSync(torch.python, ['-W', 'error', ...args], {
    cwd: new URL('./python', import.meta.url),
    encoding: 'utf8',
    env,
    input,
  });
};

withTorch('passes its tests as Python', () => {
  const { stderr, status } = python(['../python_unit.py']);
  expect(stderr).toMatch(/^Ran \d\d+ tests/m);
  expect(status, stderr).toBe(0);
});

withTorch('draws the batches and the splits that the app draws', () => {
  const random = new Random(8, 'cases');
  const pick = (limit: number, most: number): number[] => Array.from({ length: limit }, () => random.below(most));
  const names: readonly string[] = ['train', 'validation', 'test'];
  const ids = (given: readonly string[]): Uint8Array => Uint8Array.from(given, (name) => names.indexOf(name));
  const inWords = (assignment: ArrayLike<number>): (string | null)[] => Array.from(assignment, (id) => names[id] ?? null);
  const cases = Array.from({ length: 60 }, (_, i) => {
    const count = 1 + random.below(i < 40 ? 60 : 1500);
    const size = 1 + random.below(20);
    const lengths = pick(count, 12).map((length, k) => 1 + length + (i % 2 ? (k % 3) / 2 ** 20 : 0));
    const given = pick(count, 12).map((part) => (i % 3 === 0 && part > 8 ? (names[part - 9] ?? 'train') : 'train'));
    const rule = {
      validation: [0.1, 0.25, 0][i % 3] ?? 0,
      test: [0.1, 0.3, 0.2, 0][i % 4] ?? 0,
      seed: 1 + i,
      limit: i % 5 === 4 ? 1 + random.below(count) : null,
    };
    const strata = i % 2 ? pick(count, 4) : null;
    const groups = i % 7 > 4 ? pick(count, 9).map((group) => `g${group}`) : null;
    return { lengths, size, epoch: i, given, rule, strata, groups };
  });
  const program = `
import json, sys
from batches import as_streams, by_length
from splits import assign, assign_in_time, shares_to_cut
found = []
for case in json.load(sys.stdin):
    given, rule, lengths = case["given"], case["rule"], case["lengths"]
    found.append({
        "batches": by_length(lengths, case["size"], rule["seed"], case["epoch"]),
        "streams": as_streams(len(lengths), case["size"]),
        "splits": assign(given, rule, case["strata"], case["groups"]),
        "inTime": assign_in_time(given, shares_to_cut(given, rule)),
    })
print(json.dumps(found))`;
  const { stdout, stderr } = python(['-c', program], JSON.stringify(cases));
  expect(stderr).toBe('');
  const found = JSON.parse(stdout) as unknown[];
  cases.forEach(({ lengths, size, epoch, given, rule, strata, groups }, i) => {
    const count = lengths.length;
    const splitGiven = given.every((name) => name === 'train') ? null : ids(given);
    const batches = bucketByLength(Float64Array.from(lengths), { batchSize: size, seed: rule.seed, epoch, shuffle: true });
    const stretches = stretchesOf({ start: 0, end: count }, ids(given), sharesToCut(ids(given), rule));
    expect(found[i], `case ${i}`).toEqual({
      batches: batches.map((batch) => [...batch]),
      streams: streamBatches({ count } as EncodedSplit, size).map((batch) => [...batch]),
      splits: inWords(
        assignSplits(count, chooseExamples(count, rule.limit, rule.seed), {
          ...rule,
          strata,
          groups: groups?.map((name) => Number(name.slice(1))) ?? null,
          given: splitGiven,
        }),
      ),
      inTime: stretches.flatMap(({ split, start, end }) => new Array<string>(end - start).fill(split)),
    });
  });
});

withTorch('knows the dates and the words for missing values that the app knows', () => {
  const program = 'import json, cells, dates; print(json.dumps([dates.FORMS, dates.MONTHS, dates.ZONES, sorted(cells.MISSING)]))';
  const inPython = (pattern: string): string => pattern.replaceAll('(?<', '(?P<').replaceAll(/\\k<(\w+)>/g, '(?P=$1)');
  const missing = usualMissing.map((word) => word.toLowerCase());
  expect(JSON.parse(python(['-c', program]).stdout)).toEqual([
    dateForms.map(inPython),
    monthNames,
    zoneHours,
    missing.toSorted(),
  ]);
});

withTorch('reads dates as the app does', () => {
  const years = [1999, 2004, 2015, 2020, 2021];
  const texts = [
    ...years.flatMap((year) => ['00', '01', '26', '52', '53', '54'].flatMap((week) => [`${year}-W${week}`, `${year}W${week}-7`])),
    ...years.flatMap((year) => [0, 1, 2, 3, 4, 5].flatMap((quarter) => [`${year}Q${quarter}`, `q${quarter} ${year} 12:30`])),
    ...['2024-02-29', '2023-02-29', '31.04.24', '1/2/2003 24:00', 'Feb 30, 2001', '5. Sept 99 3:04 pm', '20241301', '2024-13'],
    ...['2024-01-31 03:04:00.25-0330', '2020-W10-3T01:00Z', 'x', '2020M07', 'Mar-2001', 'Wed 31 Jan 2024'],
    ...['2020-09-13 11-PM', '2020-09-13 7\u202fa.m.', '2020-09-13 24', '2020-09-13 25', '1/2/99 7-', '12', '12 PM'],
    ...['Mon Apr  6 22:19:45 PDT 2009', 'Tue, 07 Apr 2009 05:19:45 gmt', '10/Oct/2000:13:55:36 -0700'],
  ];
  const program =
    'import json, sys, dates; print(json.dumps([dates.parse_date(text, "day-first") for text in json.loads(sys.argv[1])]))';
  const found: (number | null)[] = JSON.parse(python(['-c', program, JSON.stringify(texts)]).stdout);
  const inApp = texts.map((text) => parseDate(text, 'day-first'));
  expect(found).toEqual(inApp.map((time) => (time === null ? null : time / 1000)));
  expect(inApp.filter((time) => time === null).length).toBeGreaterThan(20);
});
