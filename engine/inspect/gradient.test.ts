import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startJavascript } from '../backends/javascript.tf.ts';
import { initializeParameters } from '../compile/initialize.ts';
import { chooseLoss } from '../compile/loss-kind.ts';
import { Model, toTensors } from '../compile/materialize.tf.ts';
import { atOnce } from '../event-loop.ts';
import { portKey } from '../graph/infer-shapes.ts';
import { methods } from '../protocol/contract.ts';
import { batchLoss } from '../training/losses.tf.ts';
import { reversalTask } from '../training/reversal-task.test-support.ts';
import { type SyntheticTask, syntheticTask } from '../training/synthetic-task.test-support.ts';
import { rowNorms } from './arrays.tf.ts';
import { connectivity } from './connectivity.tf.ts';
import { describeGradient } from './describe-gradient.ts';
import { exampleOfSplit } from './example.ts';
import { type Gradient, gradientOf } from './gradient.tf.ts';
import { KeptGradients } from './kept-gradients.ts';
import { objectiveOf } from './objective.tf.ts';
import { cellsOfTasks, withGraph } from './tasks.test-support.ts';
import { type KeptTrace, traceExample } from './trace.tf.ts';

beforeAll(async () => {
  await startJavascript();
});

/** Norm of the gradient of each stored weight by the loss that training has, with the kernels' own gradient. */
function trainedNorms({ subject, example }: KeptTrace): ReadonlyMap<string, tf.Tensor> {
  const { model, training } = subject;
  const { batch } = example;
  const loss = chooseLoss(model.plan, training.loss);
  const { grads } = tf.variableGrads(() =>
    batchLoss(loss, model.forward(toTensors(batch), { dropout: null }), batch, training.timeReduction, null),
  );
  return new Map([...model.variables].map(([name, variable]) => [name, grads[variable.name] as tf.Tensor]));
}

async function traced(task: Pick<SyntheticTask, 'plan' | 'data' | 'document'>): Promise<KeptTrace> {
  const { encoding, splits } = task.data;
  const model = new Model(task.plan, initializeParameters(task.plan, 3));
  const subject = { run: 'r', weights: 'best', step: 7, model, encoding, training: task.document.training } as const;
  return traceExample(subject, exampleOfSplit(encoding, splits.test, 3));
}

const lossOf = (trace: KeptTrace): Gradient =>
  atOnce(gradientOf(trace.subject, trace.example, objectiveOf(trace.subject, trace.example, { kind: 'loss' })));

const graphs: readonly (readonly [string, Pick<SyntheticTask, 'plan' | 'data' | 'document'>])[] = [
  ...(['sequence-classification', 'step-tagging', 'sequence-regression'] as const).flatMap((name) =>
    cellsOfTasks.map((cell) => [`${name}, ${cell.title}`, withGraph(syntheticTask(name, {}, 20), cell, { layers: 2 })] as const),
  ),
  ['residual layers', withGraph(syntheticTask('step-tagging', {}, 20), cellsOfTasks[0], { layers: 3, residual: true })],
  ['a forecast', syntheticTask('forecasting', {}, 20)],
  ['attention', reversalTask({ hidden: 5, examples: 20, layers: 2 })],
  [
    'a pyramid, additive attention',
    reversalTask({ hidden: 5, examples: 20, encoder: 'pyramid', attention: 'additive', cell: 'lstm-cell' }),
  ],
];

describe('the gradient of the loss', () => {
  it.each(graphs)('of %s adds up to what training has', async (_name, task) => {
    const trace = await traced(task);
    const before = tf.memory().numTensors;
    const gradient = lossOf(trace);
    const told = methods['inspect.gradient'].result.parse(describeGradient(trace, gradient));
    expect(tf.memory().numTensors).toBe(before);
    tf.tidy(() => {
      const weights = trainedNorms(trace);
      let compared = 0;
      for (const { node, described } of trace.recurrences) {
        const name = trace.subject.model.plan.modules.find(({ id }) => id === node)?.name;
        const found = told.nodes
          .find((one) => one.node === node)
          ?.recurrent.find(({ layer, direction }) => layer === described.layer && direction === described.direction);
        for (const { name: parameter, weight, from, to } of described.parameters) {
          const whole = weights.get(`${name}.${weight}`);
          if (whole === undefined) throw new Error(`${name}.${weight}`);
          const norm = tf.norm(whole.slice([from], [to - from])).dataSync()[0] ?? 0;
          const { total = Number.NaN, share = [] } = found?.terms[parameter] ?? {};
          expect(Math.abs(total - norm) / Math.max(norm, 1e-3), `${name} ${parameter}`).toBeLessThan(1e-3);
          if (norm > 1e-3) expect(share.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 3);
          compared++;
        }
      }
      expect(compared).toBeGreaterThan(0);
    });
    trace.subject.model.dispose();
  });

  it.each(graphs)('of %s at a step is what depends on it, by the kernels’ own gradient too', async (_name, task) => {
    const trace = await traced(task);
    const { norms, says } = atOnce(connectivity(trace));
    const [rows = 0, steps = 0] = norms.shape;
    expect(says).toHaveLength(rows);
    const { plan } = trace.subject.model;
    const reader =
      plan.modules.find(({ inputs }) =>
        Object.values(inputs)
          .flat()
          .some(({ module }) => module === 'input'),
      ) ?? plan.modules[0];
    const [node, port] = reader?.kind === 'embedding' ? [reader.id, 'sequence'] : [plan.modules[0]?.id ?? '', 'sequence'];
    for (let k = 0; k < rows; k++) {
      const of =
        trace.example.batch.tagTargets === null
          ? ({ kind: 'class', class: says[k] ?? '' } as const)
          : ({ kind: 'step', step: k } as const);
      const gradient = atOnce(gradientOf(trace.subject, trace.example, objectiveOf(trace.subject, trace.example, of)));
      const arrived = gradient.outputs.get(portKey(node, port));
      if (arrived === undefined) throw new Error(`nothing arrived at ${node}`);
      const own = rowNorms(arrived);
      expect(own).toHaveLength(steps);
      for (const [t, norm] of own.entries()) {
        const other = norms.data[k * steps + t] ?? Number.NaN;
        expect(Math.abs(other - norm), `${k} ${t}`).toBeLessThan(1e-5 * Math.max(1e-2, ...own));
      }
    }
    trace.subject.model.dispose();
  });

  it.each(['two layers', 'attention'] as const)(
    'gives way at each step, of %s, and other work may run in between',
    async (kind) => {
      const task =
        kind === 'attention'
          ? reversalTask({ hidden: 5, examples: 20, layers: 2 })
          : withGraph(syntheticTask('step-tagging', {}, 20), cellsOfTasks[0], { layers: 2 });
      const trace = await traced(task);
      const whole = lossOf(trace);
      const before = tf.memory().numTensors;
      const work = gradientOf(trace.subject, trace.example, objectiveOf(trace.subject, trace.example, { kind: 'loss' }));
      let pieces = 0;
      for (;;) {
        const { done, value } = work.next();
        if (done === true) {
          expect(value).toEqual(whole);
          break;
        }
        pieces++;
        // What others compute in a scope of theirs goes with that scope, and what they keep stays.
        const others = tf.tidy(() => tf.add(tf.scalar(pieces), 1));
        expect(others.dataSync()[0]).toBe(pieces + 1);
        others.dispose();
      }
      const steps = trace.recurrences.reduce((sum, { described }) => sum + described.steps.length, 0);
      expect(pieces).toBeGreaterThan(steps);
      expect(tf.memory().numTensors).toBe(before);

      const ended = gradientOf(trace.subject, trace.example, objectiveOf(trace.subject, trace.example, { kind: 'loss' }));
      for (let piece = 0; piece < 5; piece++) ended.next();
      expect(tf.memory().numTensors).toBeGreaterThan(before);
      ended.return(whole);
      expect(tf.memory().numTensors).toBe(before);
      trace.subject.model.dispose();
    },
  );

  it('is computed once for all who ask at the same time', async () => {
    const trace = await traced(syntheticTask('step-tagging', {}, 20));
    const kept = new KeptGradients();
    const [one, other] = await Promise.all([kept.of(trace, { kind: 'loss' }), kept.of(trace, { kind: 'loss' })]);
    expect(other).toBe(one);
    await expect(kept.of(trace, { kind: 'step', step: 99 })).rejects.toThrow('There is no step 100');
    trace.subject.model.dispose();
  });

  it('is refused where nobody said what the network should say', async () => {
    const trace = await traced(syntheticTask('step-tagging', {}, 20));
    const batch = { ...trace.example.batch, tagTargets: null };
    const ask = (): unknown => objectiveOf(trace.subject, { ...trace.example, batch, known: 0 }, { kind: 'loss' });
    expect(ask).toThrow('Nobody said');
    const long = { ...trace, example: { ...trace.example, batch: { ...trace.example.batch, steps: 1001 } } };
    await expect(new KeptGradients().of(long, { kind: 'loss' })).rejects.toThrow('1000 steps at most; this has 1001');
    expect(() => objectiveOf(trace.subject, trace.example, { kind: 'step', step: 99 })).toThrow('There is no step 100');
    trace.subject.model.dispose();
  });
});
