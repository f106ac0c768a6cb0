import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { compilePlan } from '../engine/compile/compile-plan.ts';
import { initializeParameters } from '../engine/compile/initialize.ts';
import { Model, toTensors } from '../engine/compile/materialize.tf.ts';
import { parameterName } from '../engine/compile/plan.ts';
import type { Batch } from '../engine/data/dataset.ts';
import { dataBinding } from '../engine/document/data-binding.ts';
import { emptyDocument, type GraphEdge, type GraphNode, type UnrollDocument } from '../engine/document/schema.ts';
import { Random } from '../engine/random.ts';
import { batchLoss } from '../engine/training/losses.tf.ts';
import { createOptimizer } from '../engine/training/optimizers.tf.ts';

/** One line of the comparison: token ids → embedding → recurrent layer, last step → two classes. */
export interface BenchCase {
  readonly name: string;
  readonly cell: 'rnn' | 'gru' | 'lstm';
  /** E */
  readonly embedding: number;
  /** H */
  readonly hidden: number;
  /** B */
  readonly rows: number;
  /** T */
  readonly steps: number;
  /** V */
  readonly vocabulary: number;
}

/** One training step: forward, back-propagation through time, Adam. Resolves when its loss is known. */
export interface Trainer {
  step(): Promise<number>;
  dispose(): void;
}

export function randomBatch({ rows, steps, vocabulary }: BenchCase): Batch {
  const random = new Random(5, 'bench');
  return {
    rows,
    steps,
    tokens: Int32Array.from({ length: rows * steps }, () => 4 + random.below(vocabulary - 4)),
    series: null,
    lengths: new Int32Array(rows).fill(steps),
    classTargets: Int32Array.from({ length: rows }, () => random.below(2)),
    tagTargets: null,
    numberTargets: null,
    examples: Uint32Array.from({ length: rows }, (_, i) => i),
  };
}

function benchDocument({ cell, embedding, hidden }: BenchCase): UnrollDocument {
  const node = (id: string, kind: string, params: GraphNode['params'] = {}): GraphNode => ({
    id,
    kind,
    params,
    position: { x: 0, y: 0 },
  });
  const wire = (from: string, out: string, to: string, into: string): GraphEdge => ({
    id: `${from}-${to}`,
    from: { node: from, port: out },
    to: { node: to, port: into },
  });
  return {
    ...emptyDocument('bench'),
    nodes: [
      node('tokens', 'token-input'),
      node('embedding', 'embedding', { width: embedding }),
      node('cell', `${cell}-cell`, { hidden }),
      node('recurrent', 'recurrent', { output: 'last' }),
      node('head', 'dense-softmax'),
    ],
    edges: [
      wire('tokens', 'tokens', 'embedding', 'tokens'),
      wire('embedding', 'sequence', 'recurrent', 'sequence'),
      wire('cell', 'cell', 'recurrent', 'cell'),
      wire('recurrent', 'output', 'head', 'input'),
    ],
    data: dataBinding.parse({ source: { kind: 'template', name: 'bench' }, task: 'sequence-classification' }),
  };
}

/** Unroll's own training path: plan, model, loss, optimizer. */
export function unrollTrainer(bench: BenchCase, batch: Batch): Trainer {
  const facts = { vocabulary: bench.vocabulary, classes: 2, features: null, targets: null };
  const compiled = compilePlan(benchDocument(bench), facts);
  if (!compiled.ok) throw new Error(compiled.problems.map((problem) => problem.message).join('; '));
  const { plan } = compiled;
  const model = new Model(plan, initializeParameters(plan, 1));
  const parameters = plan.modules.flatMap((module) =>
    module.parameters.flatMap((spec) => {
      const name = parameterName(module, spec);
      const variable = model.variables.get(name);
      return variable === undefined ? [] : [{ name, variable, decay: spec.decay }];
    }),
  );
  const optimizer = createOptimizer(parameters, {
    optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    weightDecay: 0,
    clipNorm: null,
    clipValue: null,
  });
  const variables = parameters.map((parameter) => parameter.variable);
  return {
    async step() {
      const loss = tf.tidy(() => {
        const input = toTensors(batch);
        const { value, grads } = tf.variableGrads(
          () => batchLoss('cross-entropy', model.forward(input, { training: true, dropout: null }), batch, 'mean', null),
          variables,
        );
        const named: Record<string, tf.Tensor> = {};
        for (const { name, variable } of parameters) {
          const gradient = grads[variable.name];
          if (gradient !== undefined) named[name] = gradient;
        }
        optimizer.apply(named, 0.001);
        return value;
      });
      const [value] = await loss.data();
      loss.dispose();
      return value ?? Number.NaN;
    },
    dispose() {
      optimizer.dispose();
      model.dispose();
    },
  };
}

/**
 * The same model out of tfjs-layers, trained with its own Adam. On WASM its embedding cannot be trained (the backend lacks
 * UnsortedSegmentSum), so there it is frozen: that comparison favours tfjs-layers.
 */
export function tfjsLayersTrainer(bench: BenchCase, batch: Batch): Trainer {
  const trainable = tf.getBackend() !== 'wasm';
  const recurrent = {
    rnn: () => layers.layers.simpleRNN({ units: bench.hidden, recurrentInitializer: 'glorotUniform' }),
    gru: () => layers.layers.gru({ units: bench.hidden, recurrentActivation: 'sigmoid', recurrentInitializer: 'glorotUniform' }),
    lstm: () =>
      layers.layers.lstm({ units: bench.hidden, recurrentActivation: 'sigmoid', recurrentInitializer: 'glorotUniform' }),
  } as const;
  const model = layers.sequential({
    layers: [
      layers.layers.embedding({
        inputDim: bench.vocabulary,
        outputDim: bench.embedding,
        inputLength: bench.steps,
        embeddingsInitializer: 'zeros',
        trainable,
      }),
      recurrent[bench.cell](),
      layers.layers.dense({ units: 2, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.001), loss: 'sparseCategoricalCrossentropy' });
  const { rows, steps } = bench;
  const ids = new Float32Array(rows * steps);
  for (let t = 0; t < steps; t++) for (let b = 0; b < rows; b++) ids[b * steps + t] = batch.tokens?.[t * rows + b] ?? 0;
  const x = tf.tensor2d(ids, [rows, steps]);
  const y = tf.tensor2d(Float32Array.from(batch.classTargets ?? []), [rows, 1]);
  return {
    async step() {
      const loss = await model.trainOnBatch(x, y);
      return Array.isArray(loss) ? (loss[0] ?? Number.NaN) : loss;
    },
    dispose() {
      tf.dispose([x, y]);
      model.dispose();
    },
  };
}
