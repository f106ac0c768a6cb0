import * as tf from '@tensorflow/tfjs-core';
import { fusedBackend, nativeBackend, type OpBackend, requireFusedBackend } from '../native-ops.tf.ts';
import { mostBlockBytes } from '../wasm/layout.ts';
import { roundsProducts } from './rounded-products.ts';

let trusted = false;

/** Puts chains into use, once they have given the numbers of the composed form. */
export function trustChains(trust: boolean): void {
  trusted = trust;
}

/** Whether a network in a line runs as one op on the current backend. */
export const areChainsTrusted = (): boolean => trusted && fusedBackend() !== null;

/** Whether the current backend has memory for a run that holds so many numbers. */
export const hasRoomFor = (numbers: number): boolean => tf.getBackend() !== 'wasm' || 4 * numbers <= mostBlockBytes;

/** What a chain reads of a batch. */
export interface ChainInput {
  /** `[T, B]` int32; `null` where there are none. */
  readonly tokens: tf.Tensor | null;
  /** `[T, B, F]`; `null` where there are none. */
  readonly series: tf.Tensor | null;
  /** `[B]` int32 */
  readonly lengths: tf.Tensor;
}

/** UnrollForward. @returns the last layer's value */
export function runChain(program: tf.Tensor, input: ChainInput, weights: readonly tf.Tensor[]): tf.Tensor {
  const backend = requireFusedBackend();
  const attributes = [integer(backend, 'N', weights.length)];
  return backend.executeSingleOutput('UnrollForward', attributes, [program, ...inputs(input, none().integers), ...weights]);
}

/** What a step needs beside the batch's input. */
export interface ChainStep {
  readonly loss: string;
  /** Of dropout, one for each: int32; `null` for none */
  readonly keys: tf.Tensor | null;
  /** How many of the weights are trained: the first ones. */
  readonly trained: number;
  /** As UnrollAdam's. */
  readonly averages: readonly tf.Tensor[];
  readonly settings: tf.Tensor;
  /** Classes `[N]` int32; `null` for numbers. */
  readonly targets: tf.Tensor | null;
  /** Weight of each class `[N]`, or numbers `[N·K]`. */
  readonly numbers: tf.Tensor;
}

/**
 * UnrollStep: writes over the trained weights and the averages, which must be shared with no other tensor.
 *
 * @returns `[3]`: loss, targets that are hit, norm of the gradients
 */
export function trainChain(
  program: tf.Tensor,
  input: ChainInput,
  weights: readonly tf.Tensor[],
  { loss, keys, trained, averages, settings, targets, numbers }: ChainStep,
): tf.Tensor1D {
  const backend = requireFusedBackend();
  const attributes = [
    integer(backend, 'N', weights.length),
    integer(backend, 'trained', trained),
    { name: 'rounded', type: backend.binding.TF_ATTR_BOOL, value: nativeBackend() !== null && roundsProducts() },
    { name: 'loss', type: backend.binding.TF_ATTR_STRING, value: loss },
  ];
  const given = inputs(input, keys ?? none().integers);
  const rest = [...averages, settings, targets ?? none().integers, numbers];
  return backend.executeSingleOutput('UnrollStep', attributes, [program, ...given, ...weights, ...rest]) as tf.Tensor1D;
}

/** Stand for what is absent. Made once: a prediction after a rest takes as long as what it has to make. */
let absent: { readonly integers: tf.Tensor1D; readonly numbers: tf.Tensor1D } | null = null;
const none = (): NonNullable<typeof absent> => {
  absent ??= {
    integers: tf.keep(tf.tensor1d(new Int32Array(), 'int32')),
    numbers: tf.keep(tf.tensor1d(new Float32Array())),
  };
  return absent;
};

const inputs = ({ tokens, series, lengths }: ChainInput, keys: tf.Tensor): tf.Tensor[] => [
  tokens ?? none().integers,
  series ?? none().numbers,
  lengths,
  keys,
];

const integer = ({ binding }: OpBackend, name: string, value: number): object => ({
  name,
  type: binding.TF_ATTR_INT,
  value,
});
