import { compilePlan } from '../../compile/compile-plan.ts';
import { initializeParameters } from '../../compile/initialize.ts';
import { Model } from '../../compile/materialize.tf.ts';
import type { Plan } from '../../compile/plan.ts';
import { makeBatch } from '../../data/batches.ts';
import type { Batch } from '../../data/dataset.ts';
import { node } from '../../document/fixtures/graph-literals.ts';
import { trainingSettings } from '../../document/training-settings.ts';
import { Random } from '../../random.ts';
import { type SyntheticTask, syntheticTask } from '../synthetic-task.test-support.ts';
import { TrainStep } from '../train-step.tf.ts';
import { HealthProbe } from './health-probe.tf.ts';

/** The synthetic task with another recurrent part. */
function withRecurrence(
  task: 'sequence-classification' | 'step-tagging',
  cell: Readonly<Record<string, string | number | boolean>> & { readonly kind: string },
  wrapper: Readonly<Record<string, string | number | boolean>> & { readonly kind: string },
): SyntheticTask {
  const made = syntheticTask(task);
  const { kind: cellKind, ...cellSettings } = cell;
  const { kind, ...settings } = wrapper;
  const output = task === 'step-tagging' ? 'every-step' : 'last';
  const document = {
    ...made.document,
    nodes: [
      ...made.document.nodes.filter(({ id }) => id !== 'cell' && id !== 'rnn'),
      node('cell', cellKind, { ...cellSettings }),
      node('rnn', kind, { output, ...settings }),
    ],
  };
  const compiled = compilePlan(document, made.data.encoding.facts);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  return { ...made, document, plan: compiled.plan };
}

/** Tasks whose recurrences differ in all that health depends on. */
export const tasks: Readonly<Record<string, () => SyntheticTask>> = {
  'a GRU whose last state is read': () => syntheticTask('sequence-classification'),
  'two layers of an LSTM in both directions, read at every step': () =>
    withRecurrence('step-tagging', { kind: 'lstm-cell', hidden: 5 }, { kind: 'bidirectional', layers: 2, merge: 'concat' }),
  'an LSTM backwards': () =>
    withRecurrence('sequence-classification', { kind: 'lstm-cell', hidden: 5 }, { kind: 'recurrent', direction: 'backward' }),
  'a cell by its equations': () =>
    withRecurrence(
      'step-tagging',
      {
        kind: 'custom-cell',
        hidden: 4,
        equations: "f = sigmoid(W_f x + U_f h + b_f)\nn = tanh(W_n x + U_n (f * h))\nh' = (1 - f) * h + f * n",
      },
      { kind: 'recurrent' },
    ),
  'a cell with a matrix as high as its input is wide': () =>
    withRecurrence(
      'step-tagging',
      { kind: 'custom-cell', hidden: 4, equations: "h' = tanh(W (x * sigmoid(R h)) + U h)" },
      { kind: 'recurrent' },
    ),
  'a projected LSTM with peepholes': () =>
    withRecurrence(
      'sequence-classification',
      { kind: 'lstm-cell', hidden: 5, projection: 3, peepholes: true },
      { kind: 'recurrent' },
    ),
};

export const settings = trainingSettings.parse({ optimizer: { kind: 'sgd' }, learningRate: 0.1 });
export const rows = 4;
export const batchOf = (task: SyntheticTask, count = rows): Batch =>
  makeBatch(
    task.data.splits.train,
    Uint32Array.from({ length: count }, (_, i) => i),
    null,
  );
export const lossOf = (plan: Plan): 'cross-entropy' => {
  if (plan.head === '') throw new Error('no head');
  return 'cross-entropy';
};

/** Measures the first training step of a task. */
export async function measured(task: SyntheticTask) {
  const model = new Model(task.plan, initializeParameters(task.plan, 3));
  const step = new TrainStep(model, lossOf(task.plan), settings, null);
  const before = await model.read();
  const probe = new HealthProbe();
  step.run(batchOf(task), 0.1, new Random(8), undefined, 0, probe).dispose();
  const found = await probe.read((name) => task.plan.modules.find((module) => name.startsWith(`${module.name}.`))?.id ?? name);
  probe.dispose();
  const after = await model.read();
  step.optimizer.dispose();
  model.dispose();
  return { ...found, before, after };
}
