import { expect, test } from 'vitest';
import { UserError } from '../engine/protocol/envelope.ts';
import { stepCases } from './cases.ts';
import { Findings } from './findings.ts';
import { thisMachine } from './machine.ts';
import { PeerError } from './peer.ts';
import { type Results, savedResults, titleOf } from './results.ts';

const [bench] = stepCases;
if (bench === undefined) throw new Error('there are no rows');
const measured = { bench, tokens: 5120, samples: { unroll: [10], keras: [20] }, sgemmGflops: 100, notes: [] };

function begin(before: Results | null = null): { findings: Findings; said: string[]; saved: Results[] } {
  const said: string[] = [];
  const saved: Results[] = [];
  const findings = new Findings(thisMachine(), 0, {
    before,
    say: (line) => said.push(line),
    save: async (results) => void saved.push(results),
  });
  return { findings, said, saved };
}

test('saves after each row, goes on after one that fails, and tells what is left', async () => {
  const { findings, said, saved } = begin();
  findings.plan([10, 10, 10]);
  expect(await findings.attempt('one', async () => void findings.addRow(measured))).toBe(true);
  const broken = async (): Promise<void> => Promise.reject(new PeerError('Keras: ended with code 1'));
  expect(await findings.attempt('two', broken)).toBe(false);
  const differ = new UserError({ code: 'bench-losses-differ', message: 'three: the peers do not compute the same.' });
  expect(await findings.attempt('three', async () => Promise.reject(differ))).toBe(false);
  expect(saved.map(({ rows, failures }) => [rows.length, failures.length])).toEqual([
    [1, 0],
    [1, 1],
    [1, 2],
  ]);
  expect(findings.finish(0).failures).toEqual(['two: Keras: ended with code 1', 'three: the peers do not compute the same.']);
  expect(said.join('\n')).toMatch(/\[1 of 3\] one[\s\S]*\[2 of 3, about .+ left\] two[\s\S]*FAILED two/);
});

test('a bug of the benchmark itself ends it', async () => {
  const { findings } = begin();
  findings.plan([1]);
  await expect(findings.attempt('one', async () => Promise.reject(new TypeError('no')))).rejects.toThrow(TypeError);
});

test('goes on from what was saved: rows that are there are known, and stay as they are', async () => {
  const first = begin();
  first.findings.plan([1]);
  await first.findings.attempt('one', async () => void first.findings.addRow(measured));
  first.findings.version('Keras', '3');
  const before = savedResults.parse(JSON.parse(JSON.stringify(first.findings.finish(0))));
  const { findings } = begin(before);
  const [row] = before.rows;
  if (row === undefined) throw new Error('nothing was saved');
  expect(findings.has(titleOf(row))).toBe(true);
  expect(findings.has('tensorflow LSTM of another size')).toBe(false);
  expect(findings.knowsRate).toBe(true);
  expect(findings.finish(0)).toMatchObject({ rows: before.rows, machine: { versions: { Keras: '3' }, sgemm_gflops: 100 } });
});
