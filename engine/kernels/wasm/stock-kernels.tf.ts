import * as tf from '@tensorflow/tfjs-core';
import { cut } from './cut.tf.ts';
import { multiply } from './multiply.tf.ts';
import { gatherRows } from './rows.tf.ts';

/** A kernel in place of a stock one; `null` where it leaves a call to that. */
type Replacement = (call: KernelCall) => tf.TensorInfo | tf.TensorInfo[] | null;
type KernelCall = Parameters<tf.KernelFunc>[0];

/** What of the backend is used here. */
interface WasmBackend {
  incRef(dataId: object): void;
  readSync(dataId: object): Int32Array;
}
const backendOf = (call: KernelCall): WasmBackend => call.backend as unknown as WasmBackend;

const given = ({ inputs }: KernelCall, name: string): tf.TensorInfo => inputs[name] as tf.TensorInfo;

const axisOf = (axis: number, { shape }: tf.TensorInfo): number => (axis < 0 ? axis + shape.length : axis);
/** A list with another number on one axis. */
const onAxis = (axis: number, value: number, others: readonly number[]): number[] =>
  others.map((other, at) => (at === axis ? value : other));

const replacements: Readonly<Record<string, Replacement>> = {
  /**
   * TensorFlow.js keeps a tensor for a gradient as its `Identity`, for which this backend copies the numbers. As in its other backends, the
   * two may have them in common: no operation writes over its arguments.
   */
  Identity(call) {
    const { dataId, shape, dtype } = given(call, 'x');
    backendOf(call).incRef(dataId);
    return { dataId, shape, dtype };
  },

  /** On all threads, and as fast with a turned operand, for which the stock kernel is a plain loop. */
  BatchMatMul(call) {
    const { transposeA, transposeB } = call.attrs as { readonly transposeA: boolean; readonly transposeB: boolean };
    const [a, b] = [given(call, 'a'), given(call, 'b')];
    // Of one row the copies of the matrix, which ours are given, take longer than the product; the stock kernel keeps what it has packed.
    if (!transposeA && !transposeB && b.shape.length === 2 && a.shape[0] === 1) return null;
    return multiply(a, b, transposeA, transposeB);
  },

  /** Copies what is taken alone; the stock kernels first copy all of what it is taken from, for each step of a sequence anew. */
  Slice(call) {
    const x = given(call, 'x');
    const { begin, size } = call.attrs as { readonly begin: number | number[]; readonly size: number | number[] };
    if (x.dtype !== 'float32') return null;
    const [first, sizes] = tf.slice_util.parseSliceParams(x as tf.Tensor, begin, size) as [number[], number[]];
    return cut(x, first, sizes);
  },
  SplitV(call) {
    const x = given(call, 'x');
    const { numOrSizeSplits, axis: along } = call.attrs as { readonly numOrSizeSplits: number | number[]; readonly axis: number };
    if (x.dtype !== 'float32') return null;
    const axis = axisOf(along, x);
    let from = 0;
    return tf.backend_util.prepareSplitSize(x as tf.Tensor, numOrSizeSplits, axis).map((count) => {
      const part = cut(
        x,
        onAxis(
          axis,
          from,
          x.shape.map(() => 0),
        ),
        onAxis(axis, count, x.shape),
      );
      from += count;
      return part;
    });
  },
  Unpack(call) {
    const x = given(call, 'value');
    if (x.dtype !== 'float32') return null;
    const axis = axisOf((call.attrs as { readonly axis: number }).axis, x);
    const [size, shape] = [onAxis(axis, 1, x.shape), x.shape.filter((_, at) => at !== axis)];
    return Array.from({ length: x.shape[axis] ?? 0 }, (_, i) =>
      cut(
        x,
        onAxis(
          axis,
          i,
          x.shape.map(() => 0),
        ),
        size,
        shape,
      ),
    );
  },

  /** Copies whole rows; the stock kernel finds the place of every single number. */
  GatherV2(call) {
    const [table, indices] = [given(call, 'x'), given(call, 'indices')];
    const { axis, batchDims } = call.attrs as { readonly axis: number; readonly batchDims: number };
    if (axis !== 0 || batchDims !== 0 || table.dtype !== 'float32' || (table.shape[0] ?? 0) === 0) return null;
    return gatherRows(table, backendOf(call).readSync(indices.dataId), indices.shape);
  },
};

/** Puts kernels of ours in the place of the WASM backend's where those are slow. To be called once. */
export function replaceStockKernels(): void {
  for (const [kernelName, replacement] of Object.entries(replacements)) {
    const stock = tf.getKernel(kernelName, 'wasm');
    tf.unregisterKernel(kernelName, 'wasm');
    tf.registerKernel({ ...stock, kernelFunc: (call) => replacement(call) ?? stock.kernelFunc(call) });
  }
}
