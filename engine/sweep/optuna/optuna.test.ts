import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { emptyDocument, type UnrollDocument } from '../../document/schema.ts';
import { type SettingValue, type SweepSettings, sweepSettings, type VariedSetting } from '../../document/sweep-settings.ts';
import type { Home } from '../../home.ts';
import { UserError } from '../../protocol/envelope.ts';
import type { SweepTrial } from '../../protocol/sweep.ts';
import { createHandlers } from '../../services/handlers.ts';
import { smallSweep } from '../small-sweep.test-support.ts';
import { findOptuna, prepareOptuna } from './environment.ts';
import { type OptunaOptions, optunaProposer } from './optuna-proposer.ts';

const python = await findOptuna();
if (python === null) console.warn('Optuna is not prepared (npm run -s unroll -- setup --optuna): sweeps by it are not tested');

const root = await mkdtemp(join(tmpdir(), 'unroll-optuna-'));
afterAll(() => rm(root, { recursive: true, force: true }));

const vary: VariedSetting[] = [
  { node: null, field: 'learningRate', range: { kind: 'log', from: 1e-5, to: 1 } },
  { node: null, field: 'batchSize', range: { kind: 'log', from: 8, to: 64, step: 2 } },
  { node: null, field: 'loss', range: { kind: 'choices', values: ['mse', 'rmse', 'auto'] } },
  { node: null, field: 'epochs', range: { kind: 'linear', from: 2, to: 9 } },
];
const documentOf = (sweep: Partial<SweepSettings> = {}): UnrollDocument => ({
  ...emptyDocument(),
  sweep: { ...sweepSettings.parse({ method: 'optuna' }), vary, ...sweep },
});
const proposer = (sweep?: Partial<SweepSettings>, past: Partial<Pick<OptunaOptions, 'trials' | 'events'>> = {}) =>
  optunaProposer({
    python: python ?? '',
    document: documentOf(sweep),
    objective: { metric: 'loss', direction: 'minimize' },
    trials: [],
    events: [],
    ...past,
  });
/** Least at a rate of 10⁻², with a batch of 16 and `rmse`; what the epochs are does not matter. */
const loss = ([rate, batch, kind]: readonly SettingValue[]): number =>
  (Math.log10(Number(rate)) + 2) ** 2 + (batch === 16 ? 0 : 0.3) + (kind === 'rmse' ? 0 : 1);
const past = (
  number: number,
  values: readonly SettingValue[],
  status: SweepTrial['status'],
  value: number | null,
): SweepTrial => ({
  number,
  values: [...values],
  status,
  value,
  spread: null,
  reason: null,
  runs: [],
});

describe.skipIf(python === null)('Optuna', () => {
  it('proposes what the ranges hold, learns where it is best, and says which setting decides', { timeout: 120_000 }, async () => {
    const study = await proposer();
    const found: number[] = [];
    try {
      for (let trial = 1; trial <= 50; trial++) {
        const values = (await study.propose(trial)) ?? [];
        const [rate, batch, kind, epochs] = values;
        expect(Number(rate)).toBeGreaterThanOrEqual(1e-5);
        expect(Number(rate)).toBeLessThanOrEqual(1);
        expect([8, 16, 32, 64]).toContain(batch);
        expect(['mse', 'rmse', 'auto']).toContain(kind);
        expect([2, 3, 4, 5, 6, 7, 8, 9]).toContain(epochs);
        found.push(loss(values));
        await study.ended(trial, 'complete', loss(values));
      }
      const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
      expect(mean(found.slice(-10))).toBeLessThan(mean(found.slice(0, 10)) / 2);
      expect(Math.min(...found)).toBeLessThan(0.3);
      const shares = (await study.importance()) ?? [];
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
      expect(shares[0]).toBeGreaterThan(0.5);
      expect(shares[3]).toBeLessThan(0.1);
    } finally {
      await study.close();
    }
  });

  it('is made anew out of what has happened: what ended counts, what was cut goes on, and nothing is drawn again', async () => {
    const one = [0.01, 16, 'rmse', 4] as const;
    const two = [0.1, 8, 'mse', 4] as const;
    const trials = [past(1, one, 'complete', 0), past(2, two, 'running', null), past(3, two, 'failed', null)];
    const events = [{ event: 'report', trial: 2, step: 5, validation: 1, value: 9, prune: false }] as const;
    const study = await proposer({ pruning: 'successive-halving' }, { trials, events });
    try {
      // The one that was cut can still be told of: two others are ahead of it at the same validation.
      const three = (await study.propose(4)) ?? [];
      const four = (await study.propose(5)) ?? [];
      expect(three).not.toEqual(four);
      for (const trial of [4, 5]) expect(await study.report(trial, 1, 0.1 * trial)).toBe(trial === 5);
      expect(await study.report(2, 2, 9)).toBe(true);
      await study.ended(2, 'pruned', 9);
      await study.ended(4, 'complete', 0.4);
    } finally {
      await study.close();
    }
  });

  it('a sweep ends trials early that are behind, keeps their runs, and is done at its budget', { timeout: 300_000 }, async () => {
    const home = { root, runs: join(root, 'runs'), sweeps: join(root, 'sweeps') } as Home;
    const { handlers, sweeps } = createHandlers({
      home,
      initial: { kind: 'template', name: 'syllables' },
      emit: () => undefined,
    });
    const rate: VariedSetting = { node: null, field: 'learningRate', range: { kind: 'choices', values: [1e-6, 0.05] } };
    const hidden: VariedSetting = { node: 'cell', field: 'hidden', range: { kind: 'linear', from: 2, to: 8 } };
    const sweep = { method: 'optuna', pruning: 'successive-halving', trials: 10, vary: [rate, hidden] } as const;
    const document = smallSweep(join(root, 'data.csv'), { ...sweep, vary: [...sweep.vary] }, { epochs: 9 });
    const begun = await handlers['sweep.start']({ document });
    const state = (await sweeps.ended()) ?? (await handlers['sweep.get']({ sweep: begun.id }));
    expect([state.status, state.trials.length]).toEqual(['done', 10]);
    const pruned = state.trials.filter(({ status }) => status === 'pruned');
    expect(pruned.length).toBeGreaterThan(0);
    const { runs } = await handlers['runs.list']({});
    for (const trial of pruned) {
      const run = runs.find(({ id }) => id === trial.runs[0]?.run);
      expect(run?.status).toBe('stopped');
      expect(run?.epoch).toBeLessThan(9);
      expect(trial.value).not.toBeNull();
    }
    const best = state.trials.find(({ number }) => number === state.best);
    expect(best?.values[0]).toBe(0.05);
    expect(best?.status).toBe('complete');
  });
});

it('says where it cannot be prepared what can be done without it', async () => {
  const before = { ...process.env };
  Object.assign(process.env, { UNROLL_OPTUNA_PYTHON: '/no/such/python', UNROLL_CACHE: join(root, 'cache'), PATH: '/nowhere' });
  try {
    const error = await prepareOptuna(() => undefined).catch((reason: unknown) => reason);
    expect(error instanceof UserError && error.failure).toMatchObject({
      code: 'optuna-not-there',
      message: expect.stringContaining('Python 3'),
      hint: expect.stringMatching(/grid or random/),
    });
  } finally {
    process.env = before;
  }
});
