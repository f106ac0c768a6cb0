import type * as tf from '@tensorflow/tfjs-core';
import type { OpBackend } from '../native-ops.tf.ts';
import { heapTensor, heapView } from './heap.tf.ts';
import type { Found } from './kernels.ts';
import { Layout, type Place } from './layout.ts';
import { requireWasmKernels, wasmKernels } from './process-kernels.ts';
import { gatherRows } from './rows.tf.ts';

/** `Tensor` in `src/op.cc`: type, rank, the lengths of the axes, address, whether it was written, block. */
const mostAxes = 6;
const [ofShape, ofAddress, ofWritten, ofBlock, tensorWords] = [2, 8, 9, 10, 11] as const;
const headWords = 4;
const types: Readonly<Record<string, number>> = { float32: 0, int32: 1 };

interface Attribute {
  readonly name: string;
  readonly value: number | boolean | string;
}

/** The words of an input: its numbers are copied into the call's block. */
function inputWords(layout: Layout, tensor: tf.Tensor): (number | Place)[] {
  const type = types[tensor.dtype];
  if (type === undefined || tensor.rank > mostAxes)
    throw new Error(`an op takes no ${tensor.dtype} of the shape [${tensor.shape}]`);
  const place = layout.input(tensor.size, () => (tensor.size === 0 ? new Float32Array() : heapView(tensor)));
  return [type, tensor.rank, ...axes(tensor.shape), place, 0, 0];
}

const axes = (shape: readonly number[]): number[] => Array.from({ length: mostAxes }, (_, axis) => shape[axis] ?? 0);

/** Lines of names and values, ended by a zero, as words. */
function attributeWords(attributes: readonly Attribute[]): Int32Array {
  const lines = attributes.map(({ name, value }) => `${name}=${typeof value === 'boolean' ? Number(value) : value}\n`);
  const bytes = new TextEncoder().encode(lines.join(''));
  const padded = new Uint8Array(4 * (Math.floor(bytes.length / 4) + 1));
  padded.set(bytes);
  return new Int32Array(padded.buffer);
}

/** Copies an output into a tensor. */
function outputTensor({ words, floats, giveBack }: Found, at: number): tf.Tensor {
  const shape = [...words.subarray(at + ofShape, at + ofShape + (words[at + 1] ?? 0))];
  const tensor = heapTensor(shape);
  if (tensor.size > 0) heapView(tensor).set(floats(words[at + ofAddress] ?? 0, tensor.size));
  giveBack(words[at + ofBlock] ?? 0);
  return tensor;
}

function runOp(name: string, attributes: readonly Attribute[], inputs: readonly tf.Tensor[], outputs: number): tf.Tensor[] {
  const kernels = requireWasmKernels();
  const layout = new Layout();
  const given = attributeWords(attributes);
  const head = [kernels.op(name), layout.input(given.length, given), inputs.length, outputs];
  const tensors = inputs.flatMap((tensor) => inputWords(layout, tensor));
  const room = Array<number>(outputs * tensorWords).fill(0);
  // Matrices are packed once more, and each thread keeps sums of its own for their gradients.
  const beside = (2 + kernels.threads) * layout.bytes;
  const made: tf.Tensor[] = [];
  kernels.run('run_op', layout, [...head, ...tensors, ...room], beside, (found) => {
    inputs.forEach((tensor, i) => {
      const at = headWords + i * tensorWords;
      if (found.words[at + ofWritten] === 1) heapView(tensor).set(found.floats(found.words[at + ofAddress] ?? 0, tensor.size));
    });
    for (let i = 0; i < outputs; i++) made.push(outputTensor(found, headWords + (inputs.length + i) * tensorWords));
  });
  return made;
}

/** Those of TensorFlow's own that are called beside ours, by their names there. */
const others: Readonly<Record<string, (inputs: readonly tf.Tensor[]) => tf.Tensor>> = {
  DeepCopy([from]) {
    if (from === undefined) throw new Error('DeepCopy copies a tensor');
    const copy = heapTensor(from.shape);
    heapView(copy).set(heapView(from));
    return copy;
  },
  Gather([table, ids]) {
    if (table === undefined || ids === undefined) throw new Error('Gather takes a table and ids');
    return gatherRows(table, ids.dataSync<'int32'>(), ids.shape);
  },
};

function execute(name: string, attributes: readonly object[], inputs: readonly tf.Tensor[], outputs: number): tf.Tensor[] {
  const other = others[name];
  return other === undefined ? runOp(name, attributes as readonly Attribute[], inputs, outputs) : [other(inputs)];
}

const ops: OpBackend = {
  // Attributes say what they are.
  binding: { TF_ATTR_TYPE: 0, TF_ATTR_BOOL: 0, TF_ATTR_INT: 0, TF_ATTR_FLOAT: 0, TF_ATTR_STRING: 0, TF_FLOAT: 0, TF_INT32: 0 },
  executeSingleOutput(name, attributes, inputs) {
    const [output] = execute(name, attributes, inputs, 1);
    if (output === undefined) throw new Error(`${name} gave nothing`);
    return output;
  },
  executeMultipleOutputs: execute,
};

/** Our own ops in WebAssembly, the same sources as on native TensorFlow; `null` where the kernels have not been started. */
export const wasmOps = (): OpBackend | null => (wasmKernels() === null ? null : ops);
