import '../backends/gradients.tf.ts';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { initializeParameters } from '../compile/initialize.ts';
import { Model, toTensors } from '../compile/materialize.tf.ts';
import type { Plan } from '../compile/plan.ts';
import type { GraphNode } from '../document/schema.ts';
import { GraphBuilder, parityCase } from '../export/pytorch/parity-cases.ts';
import type { NamedTensor } from '../files/safetensors.ts';
import { inferShapes } from '../graph/infer-shapes.ts';
import { Random } from '../random.ts';
import { layers } from './registry.ts';
import { stackWords } from './stack.ts';

type Settings = GraphNode['params'];

/** tokens → embedding → what `build` makes of it → head */
function planOf(build: (graph: GraphBuilder, sequence: string) => string): Plan {
  const graph = new GraphBuilder();
  graph.add('tokens', 'token-input');
  graph.add('embed', 'embedding', { width: 4 }, { tokens: 'tokens.tokens' });
  graph.add('cell', 'lstm-cell', { hidden: 5, projection: 3 });
  graph.add('head', 'dense-softmax', {}, { input: build(graph, 'embed.sequence') });
  return parityCase('stack', graph.document('step-tagging')).plan;
}

const wrap = (graph: GraphBuilder, id: string, kind: string, settings: Settings, sequence: string): string =>
  `${graph.add(id, kind, settings, { sequence, cell: 'cell.cell' })}.output`;

function logits(plan: Plan, parameters: ReadonlyMap<string, NamedTensor>): Float32Array {
  const model = new Model(plan, parameters);
  const random = new Random(3, 'tokens');
  const data = tf.tidy(() => {
    const tokens = Int32Array.from({ length: 15 }, () => 1 + random.below(15));
    const input = toTensors({ steps: 5, rows: 3, tokens, series: null, lengths: Int32Array.from([5, 2, 4]) });
    return model.forward(input, { dropout: new Random(7) }).dataSync() as Float32Array;
  });
  model.dispose();
  return data;
}

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe.each([
  ['recurrent', { direction: 'forward' }],
  ['recurrent', { direction: 'backward' }],
  ['bidirectional', { merge: 'concat' }],
  ['bidirectional', { merge: 'mean' }],
] as const)('a deep %s %o', (kind, settings) => {
  const name = kind;
  /** The deep wrapper's weights, as those of two wrappers of one layer. */
  const spread = (deep: ReadonlyMap<string, NamedTensor>): Map<string, NamedTensor> =>
    new Map(
      [...deep].map(([key, tensor]) => {
        const second = key.startsWith(`${name}.`) && key.includes('_l1');
        return [second ? key.replace(`${name}.`, `${name}_2.`).replace('_l1', '_l0') : key, tensor];
      }),
    );

  it.each([false, true])('of two layers with dropout equals two wrappers with Dropout between, residual %o', (residual) => {
    const deep = planOf((graph, sequence) =>
      wrap(graph, 'deep', kind, { ...settings, layers: 2, dropout: 0.4, residual }, sequence),
    );
    const plain = planOf((graph, sequence) => {
      const first = wrap(graph, 'one', kind, settings, sequence);
      graph.add('between', 'dropout', { rate: 0.4 }, { input: first });
      const second = wrap(graph, 'two', kind, settings, 'between.output');
      if (!residual) return second;
      graph.add('sum', 'add', {}, { inputs: [second, 'between.output'] });
      return 'sum.output';
    });
    const parameters = initializeParameters(deep, 5);
    const [ours, theirs] = [logits(deep, parameters), logits(plain, spread(parameters))];
    const real = [5, 2, 4];
    for (let i = 0; i < ours.length; i++) {
      const [t, b] = [Math.floor(i / 9), Math.floor(i / 3) % 3];
      if (t < (real[b] ?? 0)) expect(ours[i]).toBeCloseTo(theirs[i] ?? Number.NaN, 6);
    }
    expect(ours.length).toBe(45);
  });
});

describe('settings of a stack', () => {
  it('names its weights as PyTorch does, layer by layer', () => {
    const plan = planOf((graph, sequence) => wrap(graph, 'deep', 'bidirectional', { layers: 2 }, sequence));
    const deep = plan.modules.find((module) => module.kind === 'bidirectional');
    const shapes = Object.fromEntries((deep?.parameters ?? []).map((spec) => [spec.name, spec.shape]));
    expect(Object.keys(shapes)).toEqual(
      ['_l0', '_l0_reverse', '_l1', '_l1_reverse'].flatMap((suffix) =>
        ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh', 'weight_hr'].map((weight) => `${weight}${suffix}`),
      ),
    );
    expect(shapes['weight_ih_l0']).toEqual([20, 4]);
    expect(shapes['weight_ih_l1_reverse']).toEqual([20, 6]);
    expect(shapes['weight_hh_l1']).toEqual([20, 3]);
    expect(shapes['weight_hr_l1']).toEqual([3, 5]);
  });

  it('hands on the state of every layer', () => {
    const plan = planOf((graph, sequence) => wrap(graph, 'deep', 'recurrent', { layers: 3 }, sequence));
    const state = plan.modules.find((module) => module.kind === 'recurrent')?.outputTypes['state'];
    const parts = [
      { name: 'h', width: 3 },
      { name: 'c', width: 5 },
    ];
    expect(state).toEqual({ type: 'state', parts, layers: 3 });
  });

  it('refuses a last step that would mix two directions’ inputs, with the fix', () => {
    const graph = new GraphBuilder();
    graph.add('tokens', 'token-input');
    graph.add('embed', 'embedding', { width: 4 }, { tokens: 'tokens.tokens' });
    graph.add('cell', 'gru-cell', { hidden: 5 });
    wrap(graph, 'deep', 'bidirectional', { merge: 'sum', layers: 2, residual: true, output: 'last' }, 'embed.sequence');
    const facts = { vocabulary: 16, classes: 3, features: null, targets: null };
    const { problems } = inferShapes(graph.document('sequence-classification'), facts);
    const [problem] = problems;
    expect(problem?.message).toContain('with residual connections and merge “sum” there is no last step');
    expect(problem?.fix).toBe('Set Merge to concat, or Output to every step, mean or max.');
  });

  it('appears on the card only where there is more than one layer', () => {
    expect(stackWords({ layers: 1, dropout: 0.5, residual: true })).toEqual([]);
    expect(stackWords({ layers: 3, dropout: 0, residual: true })).toEqual(['3 layers', 'residual']);
    const config = layers.recurrent.config.parse({ layers: 2 });
    expect(layers.recurrent.subtitle(config, { vocabulary: null, classes: null, features: null, targets: null })).toBe(
      '2 layers · forward · every step',
    );
  });
});
