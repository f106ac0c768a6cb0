import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askTorch, torchMissing } from '../training/torch-expectation.test-support.ts';
import { decoded, decodedRows, inspectedRun } from './inspected-run.test-support.ts';

const numpy = `
import json, sys, numpy as np
a, b, p = (np.array(x) for x in json.load(sys.stdin))
m = a.mean(0); u, s, v = np.linalg.svd(a - m, full_matrices=False)
v = (v * np.sign(v[np.arange(len(v)), np.abs(v).argmax(1)])[:, None])[:4]
share = lambda x: (((x - m) @ v.T).var(0) / x.var(0).sum()).tolist()
print(json.dumps({'first': share(a), 'points': ((a - m) @ v.T).tolist(), 'second': share(b), 'others': ((b - m) @ v.T).tolist(), 'path': ((p - m) @ v.T).tolist()}))`;

interface Expected {
  readonly first: number[];
  readonly second: number[];
  readonly points: number[][];
  readonly others: number[][];
  readonly path: number[][];
}

const close = (found: readonly (readonly number[])[], wanted: readonly (readonly number[])[], within: number): void => {
  expect(found).toHaveLength(wanted.length);
  const most = Math.max(...found.flatMap((row, t) => row.map((value, k) => Math.abs(value - (wanted[t]?.[k] ?? Number.NaN)))));
  expect(most).toBeLessThan(within);
};

describe('states on their principal axes, as a window asks for them', () => {
  const place = { node: 'rnn', line: "h'" } as const;
  let inspected: Awaited<ReturnType<typeof inspectedRun>>;
  beforeAll(async () => {
    inspected = await inspectedRun();
  });
  afterAll(() => inspected.end());

  /** `[S, H]`, unit by unit. */
  const statesOf = async (sample: string): Promise<number[][]> => {
    const columns: number[][] = [];
    for (let unit = 0; unit < 8; unit++) columns.push(decoded(await inspected.ask('inspect.sampleValues', { sample, unit })));
    return (columns[0] ?? []).map((_, t) => columns.map((column) => column[t] ?? Number.NaN));
  };

  const missing = torchMissing();
  it.skipIf(missing !== null)('are those of NumPy, and stay where they are for other states', { timeout: 60_000 }, async () => {
    const { run, ask, single } = inspected;
    const one = await ask('inspect.statistics', { id: 's', run, examples: 30, ...place });
    const { trace } = await ask('inspect.trace', { run, input: { kind: 'example', split: 'test', index: 4 } });
    const first = await ask('inspect.projection', { sample: one.sample, trace, count: 4 });
    expect(first.fitted).toEqual({ step: one.step, steps: one.steps, kept: false });
    const two = await ask('inspect.statistics', { id: 's', run, split: 'validation', examples: 20, ...place });
    const second = await ask('inspect.projection', { sample: two.sample, count: 4 });
    expect(second.fitted).toEqual({ step: one.step, steps: one.steps, kept: true });
    expect(second.path).toBeNull();

    const sent = [await statesOf(one.sample), await statesOf(two.sample), await single(4)];
    const wanted = askTorch(numpy, sent) as Expected;
    close([first.explained], [wanted.first], 1e-6);
    close(decodedRows(first.points), wanted.points, 1e-5);
    close(first.path === null ? [] : decodedRows(first.path), wanted.path, 1e-5);
    close([second.explained], [wanted.second], 1e-6);
    close(decodedRows(second.points), wanted.others, 1e-5);

    const anew = await ask('inspect.projection', { sample: two.sample, axes: 'new', count: 4 });
    expect(anew.fitted).toEqual({ step: two.step, steps: two.steps, kept: false });
    expect(anew.explained.reduce((a, b) => a + b)).toBeGreaterThan(second.explained.reduce((a, b) => a + b));
  });

  it('tells how far it is, and is ended by its name', { timeout: 60_000 }, async () => {
    const { run, ask, listeners } = inspected;
    const { sample, steps } = await ask('inspect.statistics', { id: 's', run, examples: 30, ...place });
    const told: { readonly done: number; readonly of: number }[] = [];
    listeners.add(({ id, done, of }) => void (id === 'axes' && told.push({ done, of })));
    await ask('inspect.projection', { id: 'axes', sample, axes: 'new', count: 4 });
    listeners.clear();
    expect(told[0]).toEqual({ done: steps * (64 + 8 * 4), of: steps * (64 + 8 * 4) });
    const ended = ask('inspect.projection', { id: 'axes', sample });
    await ask('inspect.cancel', { id: 'axes' });
    await expect(ended).rejects.toMatchObject({ failure: { code: 'cancelled' } });
    await ask('inspect.projection', { id: 'axes', sample });
  });

  it('a stable fixed point is where the state ends that reads the same token for ever', { timeout: 60_000 }, async () => {
    const { run, ask, listeners } = inspected;
    const { sample } = await ask('inspect.statistics', { id: 's', run, examples: 20, ...place });
    const text = Array.from({ length: 400 }, () => 'a').join(' ');
    const { trace } = await ask('inspect.trace', { run, input: { kind: 'text', text } });
    const { path } = await ask('inspect.projection', { sample, trace });
    const rows = path === null ? [] : decodedRows(path);
    const [end = [], before = []] = [rows.at(-1), rows.at(-2)];
    close([end], [before], 1e-4);
    const told: number[] = [];
    listeners.add(({ id, done }) => void (id === 'points' && told.push(done)));
    const found = await ask('inspect.fixedPoints', { id: 'points', sample, input: { trace, step: 3 } });
    listeners.clear();
    expect(found).toMatchObject({ size: 8, searched: 20, of: 20 });
    expect(told[0]).toBe(1);
    const stable = found.points.filter(({ kind, converged }) => kind === 'stable' && converged);
    const near = stable.map(({ at }) => Math.max(...end.map((value, k) => Math.abs(value - (at[k] ?? Number.NaN)))));
    expect(Math.min(...near)).toBeLessThan(1e-3);
    for (const { radius, unstable } of stable) {
      expect(unstable).toBe(0);
      expect(radius).toBeLessThan(1);
    }
    for (const input of ['zero', 'mean'] as const) {
      const { points } = await ask('inspect.fixedPoints', { id: 'points', sample, input });
      // A bounded state has one somewhere, and here each start finds it.
      expect(points.filter(({ kind, converged }) => kind === 'stable' && converged)[0]?.starts).toBe(20);
    }
  });

  it('says what it cannot do', { timeout: 60_000 }, async () => {
    const { run, ask } = inspected;
    const codeOf = (work: Promise<unknown>) =>
      work.then(
        () => null,
        (error) => error.failure.code,
      );
    const { sample } = await ask('inspect.statistics', { id: 's', run, examples: 4, node: 'rnn', line: 'z' });
    expect(await codeOf(ask('inspect.fixedPoints', { id: 'p', sample, input: 'zero' }))).toBe('not-projected');
    await ask('inspect.projection', { sample });
    expect(await codeOf(ask('inspect.fixedPoints', { id: 'p', sample, input: 'zero' })), 'a gate is no state').toBe(
      'not-projected',
    );
    const state = await ask('inspect.statistics', { id: 's', run, examples: 4, ...place });
    await ask('inspect.projection', { sample: state.sample });
    const { trace } = await ask('inspect.trace', { run, input: { kind: 'text', text: 'a b' } });
    expect(await codeOf(ask('inspect.fixedPoints', { id: 'p', sample: state.sample, input: { trace, step: 9 } }))).toBe(
      'no-step',
    );
  });
});
