import { compilePlan } from '../compile/compile-plan.ts';
import type { SyntheticTask } from '../training/synthetic-task.test-support.ts';

interface Cell {
  readonly title: string;
  readonly kind: string;
  readonly params: Readonly<Record<string, string | number | boolean>>;
}

const minimal = `f = sigmoid(W_f x + U_f h + b_f)
n = tanh(W_n x + U_n (f * h) + b_n)
h' = (1 - f) * h + f * n`;

/** One of each kind, and the LSTM with all of its options. */
export const cellsOfTasks: readonly [Cell, ...Cell[]] = [
  { title: 'LSTM', kind: 'lstm-cell', params: { hidden: 5 } },
  { title: 'LSTM with options', kind: 'lstm-cell', params: { hidden: 5, projection: 3, peepholes: true } },
  { title: 'GRU', kind: 'gru-cell', params: { hidden: 5 } },
  { title: 'RNN', kind: 'rnn-cell', params: { hidden: 5 } },
  { title: 'minimal gated unit', kind: 'custom-cell', params: { hidden: 5, equations: minimal } },
];

/** A task with another cell, and other settings of the wrapper, in place of its own. */
export function withGraph(
  task: SyntheticTask,
  { kind, params }: Cell,
  wrapper: Readonly<Record<string, unknown>>,
): SyntheticTask {
  const nodes = task.document.nodes.map((one) => {
    if (one.kind.endsWith('-cell')) return { ...one, kind, params };
    return ['recurrent', 'bidirectional'].includes(one.kind) ? { ...one, params: { ...one.params, ...wrapper } } : one;
  });
  const document = { ...task.document, nodes } as typeof task.document;
  const compiled = compilePlan(document, task.data.encoding.facts);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  return { ...task, document, plan: compiled.plan };
}
