import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { UnrollDocument } from '../../document/schema.ts';
import { type SettingValue, type SweepObjective, sweepSettings } from '../../document/sweep-settings.ts';
import { type Axis, roundedTo } from '../../graph/sweep/axis.ts';
import { UserError } from '../../protocol/envelope.ts';
import type { SweepTrial } from '../../protocol/sweep.ts';
import { type LineProcess, startLineProcess } from '../../toolchain/line-process.ts';
import type { JournalEvent } from '../journal.ts';
import { axesOf, type Proposer } from '../points.ts';

/** A setting as Optuna knows it. Values of a list are told by their places: of choices without, of steps with an order. */
type OptunaAxis =
  | { readonly kind: 'choice' | 'index'; readonly count: number }
  | { readonly kind: 'int' | 'float'; readonly low: number; readonly high: number; readonly log: boolean };

const failure = z.strictObject({ error: z.string() });
const replies = {
  start: z.strictObject({}),
  ask: z.strictObject({ params: z.array(z.number()) }),
  report: z.strictObject({ prune: z.boolean() }),
  tell: z.strictObject({}),
  importance: z.strictObject({ importance: z.array(z.number()).nullable() }),
};
type Op = keyof typeof replies;

export interface OptunaOptions {
  /** With Optuna. */
  readonly python: string;
  /** With its sweep section. */
  readonly document: UnrollDocument;
  readonly objective: SweepObjective;
  /** What has happened before: the study is made anew out of it. */
  readonly trials: readonly SweepTrial[];
  readonly events: readonly JournalEvent[];
}

/**
 * Tree-structured Parzen estimator with pruning, and fANOVA, by Optuna in a process of its own (`optuna_lines.py`). All that is kept of it
 * is in the sweep's journal.
 *
 * @throws UserError `optuna-failed` where it does not start
 */
export async function optunaProposer({ python, document, objective, trials, events }: OptunaOptions): Promise<Proposer> {
  const sweep = document.sweep ?? sweepSettings.parse({});
  const axes = axesOf(document);
  const space = axes.map((axis, i) => asOptuna(axis, sweep.vary[i]?.range.kind === 'choices'));
  const script = fileURLToPath(new URL('./optuna_lines.py', import.meta.url));
  const child = await startLineProcess(python, ['-u', script], { PYTHONWARNINGS: 'ignore' }, failed);
  const ask = oneByOne(child);
  const past = trials.map((trial) => ({
    trial: trial.number,
    params: trial.values.map((value, i) => paramOf(axes[i], value)),
    state: trial.status === 'waiting' || trial.status === 'running' ? 'running' : trial.status,
    value: trial.value,
    reports: events.flatMap((event) =>
      event.event === 'report' && event.trial === trial.number ? [[event.validation, event.value]] : [],
    ),
  }));
  const { direction } = objective;
  const { epochs, seed } = document.training;
  try {
    await ask('start', { seed, direction, pruning: sweep.pruning, validations: epochs, space, past });
  } catch (error) {
    await child.close();
    throw error;
  }
  return {
    propose: async (trial) => {
      const { params } = await ask('ask', { trial });
      return params.map((param, i) => valueFor(axes[i], param));
    },
    report: async (trial, validation, value) => (await ask('report', { trial, validation, value })).prune,
    ended: async (trial, state, value) => void (await ask('tell', { trial, state, value })),
    importance: async () => (await ask('importance', {})).importance,
    close: () => child.close(),
  };
}

const failed = (message: string): Error =>
  new UserError({
    code: 'optuna-failed',
    message: `Optuna broke off: ${message}`,
    hint: 'What was trained is kept. Go on with the sweep, or choose grid or random for another.',
  });

/** The process answers one request at a time. */
function oneByOne(child: LineProcess) {
  let last: Promise<unknown> = Promise.resolve();
  return <O extends Op>(op: O, request: Readonly<Record<string, unknown>>): Promise<z.infer<(typeof replies)[O]>> => {
    const reply = last.then(async () => {
      const said = await child.ask({ op, ...request });
      const broken = failure.safeParse(said);
      if (broken.success) throw failed(broken.data.error);
      return replies[op].parse(said) as z.infer<(typeof replies)[O]>;
    });
    last = reply.catch(() => undefined);
    return reply;
  };
}

function asOptuna(axis: Axis, isChoice: boolean): OptunaAxis {
  if (axis.kind === 'list') return { kind: isChoice ? 'choice' : 'index', count: axis.values.length };
  return { kind: axis.integer ? 'int' : 'float', low: axis.from, high: axis.to, log: axis.log };
}

function valueFor(axis: Axis | undefined, param: number): SettingValue {
  if (axis?.kind === 'between') return roundedTo(axis, param);
  return axis?.values[param] ?? null;
}

const paramOf = (axis: Axis | undefined, value: SettingValue): number =>
  axis?.kind === 'list' ? axis.values.indexOf(value) : Number(value);

/** How much each setting decides by fANOVA, of trials that were not Optuna's. @returns `null` where too few tell, and where Optuna breaks off */
export async function fanova(options: OptunaOptions): Promise<readonly number[] | null> {
  try {
    const proposer = await optunaProposer(options);
    return await proposer.importance().finally(() => proposer.close());
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}
