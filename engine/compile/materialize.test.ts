import '../backends/gradients.tf.ts';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { dataBinding } from '../document/data-binding.ts';
import { node, wire } from '../document/fixtures/graph-literals.ts';
import { emptyDocument, type UnrollDocument } from '../document/schema.ts';
import { Random } from '../random.ts';
import { compilePlan } from './compile-plan.ts';
import { initializeParameters } from './initialize.ts';
import { Model, toTensors } from './materialize.tf.ts';
import type { Plan } from './plan.ts';

const facts = { vocabulary: 12, classes: 3, features: null, targets: null };

function taggerPlan(): Plan {
  const document: UnrollDocument = {
    ...emptyDocument(),
    nodes: [
      node('tokens', 'token-input'),
      node('embed', 'embedding', { width: 4 }),
      node('drop', 'dropout', { rate: 0.5 }),
      node('cell', 'lstm-cell', { hidden: 5 }),
      node('both', 'bidirectional'),
      node('head', 'dense-softmax'),
    ],
    edges: [
      wire('tokens.tokens > embed.tokens'),
      wire('embed.sequence > drop.input'),
      wire('drop.output > both.sequence'),
      wire('cell.cell > both.cell'),
      wire('both.output > head.input'),
    ],
    data: dataBinding.parse({ source: { kind: 'template', name: 'test' }, task: 'step-tagging' }),
  };
  const result = compilePlan(document, facts);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.plan;
}

const batch = {
  steps: 4,
  rows: 2,
  tokens: Int32Array.from([4, 5, 6, 7, 8, 0, 9, 0]),
  series: null,
  lengths: Int32Array.from([4, 2]),
};

describe('Model', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  it('gives one logit per tag and step', () => {
    const plan = taggerPlan();
    const model = new Model(plan, initializeParameters(plan, 1));
    tf.tidy(() => {
      const logits = model.forward(toTensors(batch), { dropout: null });
      expect(logits.shape).toEqual([4, 2, 3]);
    });
    model.dispose();
  });

  it('keeps no tensor of a step', () => {
    const plan = taggerPlan();
    const model = new Model(plan, initializeParameters(plan, 1));
    const step = () =>
      tf.tidy(() => {
        const input = toTensors(batch);
        const list = [...model.variables.values()];
        const { value } = tf.variableGrads(() => tf.sum(model.forward(input, { dropout: new Random(3) })) as tf.Scalar, list);
        return value.dataSync()[0];
      });
    const first = step();
    const before = tf.memory().numTensors;
    expect(step()).toBe(first);
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });

  it('reads back what it was given, and takes other values', async () => {
    const plan = taggerPlan();
    const [one, two] = [initializeParameters(plan, 1), initializeParameters(plan, 2)];
    const model = new Model(plan, one);
    expect(await model.read()).toEqual(one);
    model.assign(two);
    expect(await model.read()).toEqual(two);
    model.dispose();
  });

  it('names the parameter that has another shape than the plan', () => {
    const plan = taggerPlan();
    const parameters = initializeParameters(plan, 1);
    parameters.set('embedding.weight', { dtype: 'F32', shape: [2, 2], data: new Float32Array(4) });
    expect(() => new Model(plan, parameters)).toThrow('parameter embedding.weight: expected F32 [12,4], got F32 [2,2]');
  });

  it('draws the same dropout for the same state of the generator, and another one next', () => {
    const plan = taggerPlan();
    const model = new Model(plan, initializeParameters(plan, 1));
    const random = new Random(7);
    const { state } = random;
    const run = (dropout: Random) => tf.tidy(() => [...model.forward(toTensors(batch), { dropout }).dataSync()]);
    const first = run(random);
    expect(run(random)).not.toEqual(first);
    expect(run(Random.fromState(state))).toEqual(first);
    model.dispose();
  });
});
