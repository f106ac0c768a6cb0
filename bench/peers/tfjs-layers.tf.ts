import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import type { NamedTensor } from '../../engine/files/safetensors.ts';
import type { Task } from '../cases.ts';
import { batchOf, type StateDict } from '../problem.ts';
import type { JavascriptPeer } from './trainer.ts';

export const tfjsLayersVersion: string = layers.version_layers;

/** tfjs-layers' own layers and Adam, with our weights. Its GRU is the relevance-before form, and it has one bias per gate. */
export const tfjsLayers: JavascriptPeer = {
  async load(task, tensors) {
    const model = build(task);
    model.setWeights(weightsOf(task, tensors));
    const batch = batchOf(tensors);
    const { rows, steps } = batch;
    const ids = new Float32Array(rows * steps);
    for (let t = 0; t < steps; t++) for (let b = 0; b < rows; b++) ids[b * steps + t] = batch.tokens?.[t * rows + b] ?? 0;
    const x = tf.tensor2d(ids, [rows, steps]);
    const y = tf.tensor2d(Float32Array.from(batch.classTargets ?? []), [rows, 1]);
    const labels = tf.oneHot(tf.tensor1d(batch.classTargets ?? [], 'int32'), task.classes);
    model.compile({ optimizer: tf.train.adam(task.learningRate, 0.9, 0.999, 1e-8), loss: 'sparseCategoricalCrossentropy' });
    return {
      async step() {
        if (task.kind === 'train') {
          const loss = await model.trainOnBatch(x, y);
          return { loss: Array.isArray(loss) ? (loss[0] ?? Number.NaN) : loss };
        }
        const value = tf.tidy(() => tf.losses.softmaxCrossEntropy(labels, model.predict(x) as tf.Tensor));
        const [loss = Number.NaN] = await value.data();
        value.dispose();
        return { loss };
      },
      dispose() {
        tf.dispose([x, y, labels]);
        model.dispose();
      },
    };
  },
};

/** WASM lacks UnsortedSegmentSum, the gradient of its lookup: there the embedding is frozen, in favour of tfjs-layers. */
const trainsEmbedding = (): boolean => tf.getBackend() !== 'wasm';

/**
 * Trained, it ends in probabilities, as its loss wants; otherwise in logits. They are the dense layer's own activation: tfjs-layers'
 * softmax layer refuses what follows a masked recurrent layer (it gets the mask `[B, T]` of the sequence for its `[B, C]`).
 */
function build(task: Task): layers.LayersModel {
  const units = { units: task.hidden, recurrentInitializer: 'zeros', kernelInitializer: 'zeros' } as const;
  const gated = { ...units, recurrentActivation: 'sigmoid' } as const;
  const recurrent = {
    rnn: (returnSequences: boolean) => layers.layers.simpleRNN({ ...units, returnSequences }),
    gru: (returnSequences: boolean) => layers.layers.gru({ ...gated, returnSequences }),
    lstm: (returnSequences: boolean) => layers.layers.lstm({ ...gated, returnSequences }),
  };
  const input = layers.input({ shape: [task.steps] });
  let value = layers.layers
    .embedding({
      inputDim: task.vocabulary,
      outputDim: task.embedding,
      embeddingsInitializer: 'zeros',
      maskZero: task.shortest < task.steps,
      trainable: trainsEmbedding(),
    })
    .apply(input) as layers.SymbolicTensor;
  for (let index = 0; index < task.layers; index++) {
    const layer = recurrent[task.cell](index < task.layers - 1);
    const both = task.directions === 2;
    value = (both ? layers.layers.bidirectional({ layer, mergeMode: 'concat' }) : layer).apply(value) as layers.SymbolicTensor;
  }
  const activation = task.kind === 'train' ? 'softmax' : 'linear';
  const head = layers.layers.dense({ units: task.classes, kernelInitializer: 'zeros', activation });
  return layers.model({ inputs: input, outputs: head.apply(value) as layers.SymbolicTensor });
}

/** In the order of `model.getWeights()`: what is frozen comes last. */
function weightsOf(task: Task, tensors: StateDict): tf.Tensor[] {
  const get = (name: string): tf.Tensor => tensorOf(tensors, name);
  const directions = task.directions === 2 ? ['', '_reverse'] : [''];
  const recurrent = Array.from({ length: task.layers }, (_, layer) =>
    directions.flatMap((suffix) => {
      const kernels = ['ih', 'hh'].map((kind) => get(`rnn.weight_${kind}_l${layer}${suffix}`).transpose());
      const bias = get(`rnn.bias_ih_l${layer}${suffix}`);
      if (task.cell !== 'gru') return [...kernels, bias.add(get(`rnn.bias_hh_l${layer}${suffix}`))];
      return [...kernels, bias].map(gruOrder);
    }),
  );
  const embedding = get('embedding.weight');
  const others = [...recurrent.flat(), get('head.weight').transpose(), get('head.bias')];
  return trainsEmbedding() ? [embedding, ...others] : [...others, embedding];
}

/** Ours stacks r, u, n with `h = u·n + (1 - u)·h`; theirs z, r, n with `z = 1 - u`, which is the logistic of minus the sum. */
function gruOrder(value: tf.Tensor): tf.Tensor {
  const [r, u, n] = tf.split(value, 3, -1) as [tf.Tensor, tf.Tensor, tf.Tensor];
  return tf.concat([tf.neg(u), r, n], -1);
}

function tensorOf(tensors: StateDict, name: string): tf.Tensor {
  const found: NamedTensor | undefined = tensors.get(name);
  if (found === undefined) throw new Error(`no weights ${name}`);
  return tf.tensor(found.data, [...found.shape]);
}
