import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { UnrollDocument } from '../document/schema.ts';
import type { SweepSettings, VariedSetting } from '../document/sweep-settings.ts';
import type { Home } from '../home.ts';
import { UserError } from '../protocol/envelope.ts';
import type { SweepState } from '../protocol/sweep.ts';
import { createHandlers } from '../services/handlers.ts';
import { smallSweep } from './small-sweep.test-support.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'unroll-sweeps-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  return rm(root, { recursive: true, force: true });
});
// Whether Optuna is prepared on this machine must not matter: its own tests ask for it.
beforeAll(() => void vi.stubEnv('UNROLL_OPTUNA_PYTHON', '/no/such/python'));
afterAll(() => void vi.unstubAllEnvs());

const hidden: VariedSetting = { node: 'cell', field: 'hidden', range: { kind: 'choices', values: [2, 4, 6] } };
const kinds: VariedSetting = { node: 'cell', field: 'kind', range: { kind: 'choices', values: ['rnn-cell', 'gru-cell'] } };
const epochs: VariedSetting = { node: null, field: 'epochs', range: { kind: 'linear', from: 1, to: 2 } };

function engine() {
  const states: SweepState[] = [];
  let heard: () => void = () => undefined;
  /** Resolves once a run has logged. */
  const trained = new Promise<void>((resolve) => {
    heard = resolve;
  });
  const home = { root, runs: join(root, 'runs'), sweeps: join(root, 'sweeps') } as Home;
  const created = createHandlers({
    home,
    initial: { kind: 'template', name: 'syllables' },
    emit: (event, data) => {
      if (event === 'sweep.changed') states.push(data as SweepState);
      if (event === 'run.metrics') heard();
    },
  });
  return { ...created, states, trained };
}
const small = (sweep: Partial<SweepSettings>, training?: object): UnrollDocument =>
  smallSweep(join(root, 'data.csv'), sweep, training);
async function toTheEnd(made: ReturnType<typeof engine>, document: UnrollDocument): Promise<SweepState> {
  const begun = await made.handlers['sweep.start']({ document });
  expect(begun.status).toBe('running');
  return (await made.sweeps.ended()) ?? made.handlers['sweep.get']({ sweep: begun.id });
}
const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => (error instanceof UserError ? error.failure.code : error),
  );

describe('a sweep', () => {
  it('trains each combination as an ordinary run that says which it is', async () => {
    const made = engine();
    const state = await toTheEnd(made, small({ method: 'grid', vary: [kinds, hidden] }));
    expect(state).toMatchObject({ status: 'done', total: 6, objective: { metric: 'accuracy', direction: 'maximize' } });
    expect(state.trials.map(({ values }) => values)).toEqual(
      ['rnn-cell', 'gru-cell'].flatMap((kind) => [2, 4, 6].map((width) => [kind, width])),
    );
    const { runs } = await made.handlers['runs.list']({});
    expect(runs.length).toBe(6);
    for (const trial of state.trials) {
      const summary = runs.find(({ id }) => id === trial.runs[0]?.run);
      expect(summary).toMatchObject({
        status: 'done',
        tags: [expect.stringContaining('sweep '), `trial ${trial.number}`, 'seed 1'],
      });
      expect(trial.value).toBe(summary?.best?.value);
      const { document } = await made.handlers['runs.get']({ run: summary?.id ?? '' });
      expect(document.nodes.find(({ id }) => id === 'cell')).toMatchObject({
        kind: trial.values[0],
        params: { hidden: trial.values[1] },
      });
    }
    const values = state.trials.map(({ value }) => Number(value));
    expect(state.best).toBe(1 + values.indexOf(Math.max(...values)));
    expect(state.importance).toMatchObject({ method: 'variance', shares: [expect.anything(), expect.anything()] });
    // What the windows heard last is what is told now.
    expect(made.states.at(-1)).toEqual(state);
    expect((await made.handlers['sweep.list']({})).sweeps).toEqual([{ ...state, trials: [] }]);
  });

  it('of several seeds is judged by their mean, with its spread; seeds follow the document’s', async () => {
    const made = engine();
    const state = await toTheEnd(made, small({ method: 'random', trials: 2, seeds: 3, vary: [hidden] }, { seed: 5, epochs: 2 }));
    for (const { value, spread, runs } of state.trials) {
      expect(runs.map(({ seed }) => seed)).toEqual([5, 6, 7]);
      const own = runs.map((run) => Number(run.value));
      const mean = (own[0] ?? 0) / 3 + (own[1] ?? 0) / 3 + (own[2] ?? 0) / 3;
      expect(value).toBeCloseTo(mean, 12);
      expect(spread).toBeCloseTo(Math.sqrt(own.reduce((sum, one) => sum + (one - mean) ** 2, 0) / 2), 12);
      const [first] = runs;
      expect((await made.handlers['runs.get']({ run: first?.run ?? '' })).document.training.seed).toBe(5);
    }
  });

  it('minimizes another figure where it is asked to', async () => {
    const made = engine();
    const state = await toTheEnd(
      made,
      small({ method: 'grid', vary: [hidden, epochs], objective: { metric: 'loss', direction: 'minimize' } }),
    );
    const values = state.trials.map(({ value }) => Number(value));
    expect(state.best).toBe(1 + values.indexOf(Math.min(...values)));
    for (const { value, runs } of state.trials) {
      const { evaluation } = await made.handlers['runs.get']({ run: runs[0]?.run ?? '' });
      expect(evaluation).toMatchObject({ split: 'validation', values: { loss: value } });
    }
  });

  it('goes on after trials that fail, each with its reason', async () => {
    // Whatever this machine has.
    vi.spyOn(process, 'availableMemory').mockReturnValue(1e9);
    const made = engine();
    const cell: VariedSetting = { node: 'cell', field: 'hidden', range: { kind: 'choices', values: [4, 4096] } };
    const optimizer: VariedSetting = {
      node: null,
      field: 'optimizer.kind',
      range: { kind: 'choices', values: ['adam', 'particle-swarm'] },
    };
    const document = small({ method: 'grid', vary: [cell, optimizer] }, { epochs: 1 });
    const deep = document.nodes.map((node) => (node.id === 'wrap' ? { ...node, params: { ...node.params, layers: 8 } } : node));
    const state = await toTheEnd(made, { ...document, nodes: deep });
    expect(state.trials.map(({ status }) => status)).toEqual(['complete', 'complete', 'failed', 'failed']);
    expect(state.trials[2]?.reason).toMatch(/does not fit.*needs at least .* GB of memory/);
    expect(state.trials[3]?.reason).toMatch(/particle swarm.*make the layers smaller/);
    expect([state.status, state.best]).toEqual(['done', expect.any(Number)]);
  });

  it('says of a figure that runs do not have which there are', async () => {
    const objective = { metric: 'bleu', direction: 'maximize' } as const;
    const state = await toTheEnd(engine(), small({ method: 'grid', vary: [hidden], objective }, { epochs: 1 }));
    expect(state.trials[0]).toMatchObject({ status: 'failed', reason: expect.stringMatching(/no metric “bleu”.*accuracy/) });
    expect([state.status, state.best]).toEqual(['done', null]);
  });

  it('is stopped at a checkpoint and goes on with the same run; one goes on at a time', async () => {
    const made = engine();
    const document = small({ method: 'grid', vary: [hidden] }, { epochs: 4 });
    const begun = await made.handlers['sweep.start']({ document });
    expect(await codeOf(made.handlers['sweep.start']({ document }))).toBe('sweep-running');
    await made.trained;
    const stopped = await made.handlers['sweep.stop']({ sweep: begun.id });
    expect(stopped.status).toBe('unfinished');
    const [cut] = (await made.handlers['runs.list']({})).runs;
    expect(cut?.status).toBe('paused');
    await made.handlers['sweep.resume']({ sweep: begun.id });
    const state = await made.sweeps.ended();
    expect(state).toMatchObject({ status: 'done', total: 3 });
    expect((await made.handlers['runs.list']({})).runs.map(({ status }) => status)).toEqual(['done', 'done', 'done']);
    const whole = await toTheEnd(engine(), document);
    expect(state?.trials.map(({ value }) => value)).toEqual(whole.trials.map(({ value }) => value));
  });

  it('says before it starts what every trial would meet', async () => {
    const { handlers } = engine();
    const starts = (document: UnrollDocument) => codeOf(handlers['sweep.start']({ document }));
    expect(await starts(small({}))).toBe('nothing-to-vary');
    expect(await starts(small({ vary: [hidden, hidden] }))).toBe('sweep-has-problems');
    const document = small({ vary: [hidden] });
    expect(await starts({ ...document, data: null })).toBe('no-data');
    const data = document.data && { ...document.data, split: { ...document.data.split, validation: 0 } };
    expect(await starts({ ...document, data })).toBe('no-validation-split');
    expect(await codeOf(handlers['sweep.resume']({ sweep: 'gone' }))).toBe('sweep-not-found');
    expect((await handlers['sweep.list']({})).sweeps).toEqual([]);
  });
});
