import * as tf from '@tensorflow/tfjs-core';
import { type CellProgram, cellProgram } from '../cells/cell-program.ts';
import { withComposedOnly } from '../kernels/composed-only.ts';
import { derivedBothWays, derivedRecurrence } from '../kernels/derived.tf.ts';
import { programOp } from '../kernels/implementations.tf.ts';
import { trustPrograms } from '../kernels/program-trust.ts';
import { Random } from '../random.ts';
import { asItIs, type Form } from './kernel-check.tf.ts';
import { largestError, type Reading } from './self-check.tf.ts';

/** A batch, and what is asked of a cell over it. */
export interface ProgramCase {
  readonly steps: number;
  readonly lengths: readonly number[];
  readonly hidden: number;
  readonly inputs: number;
  readonly way: 'forwards' | 'backwards' | 'both directions';
  /** Whether the initial state is given; otherwise it is zeros. */
  readonly carried: boolean;
  readonly want: { readonly sequence: boolean; readonly final: boolean };
  readonly inputGradient: boolean;
}

/** Cases of a check: a ragged batch in both directions with states, and a full one without. */
const checkCases: readonly ProgramCase[] = [
  {
    ...{ steps: 5, lengths: [3, 5, 1, 4, 5], hidden: 18, inputs: 7, way: 'both directions', carried: true },
    ...{ want: { sequence: true, final: true }, inputGradient: true },
  },
  {
    ...{ steps: 3, lengths: [3, 3], hidden: 5, inputs: 4, way: 'forwards', carried: false },
    ...{ want: { sequence: true, final: false }, inputGradient: true },
  },
];

/** A cell with every operation that the language has, values of two widths and each kind of what is learned. */
export const everyOperation = `
width m = 6
m = softplus(layernorm(W_m x) + V_m h)
a = softmax(R_a m + U_a h) * p_a
e = exp(tanh(W_e tanh(x))) / (1 + abs(U_e c))
g = sigmoid(min(W_g x, h) + max(U_g c, b_g)) - 0.1
c' = k_c * c + relu(a + 0.3) * tanh(e) - sigmoid(k_r) * g
h' = layernorm(c') * sqrt(0.5 + g * g) + log(1.5 + e * e)`;

/** Largest error that a register program may show, relative to the largest entry of the same tensor. */
const limit = 1e-3;

/**
 * Puts register programs into use on the active backend, if they give the numbers of the composed form there, values and gradients.
 *
 * @returns why they are not used; `null` where they are, or where the backend has none
 */
export async function startPrograms(): Promise<string | null> {
  const backend = tf.getBackend();
  trustPrograms(backend, true);
  if (programOp() === null) return null;
  // One case where each shader is compiled by the driver.
  const reason = await checkProgram(everyOperation, backend === 'webgpu' ? checkCases.slice(0, 1) : checkCases).then(
    ({ error, worst }) => (error <= limit ? null : `differ by ${error.toPrecision(2)} (limit ${limit}; ${worst})`),
    (error: unknown) => `failed: ${error instanceof Error ? error.message : String(error)}`,
  );
  trustPrograms(backend, reason === null);
  return reason;
}

/** What the device's description says of it: which cells are computed another way. */
export const describeRefusal = (reason: string | null, cells = 'custom cells'): string =>
  reason === null ? '' : ` · register programs ${reason}; ${cells} are composed`;

/**
 * A cell out of its equations on the active backend, as a register program, beside the composed form: of the same backend, for WebGPU of
 * the JavaScript one.
 *
 * @param floor share of the largest entry of all that an error is at least relative to: for gradients that are nearly 0 because their terms
 *   cancel, as that of a factor before a layer norm, and consist of rounding
 * @param form in which the program runs
 * @returns the largest error of a value or a gradient, relative to the largest entry of the same tensor, and where it is
 * @throws what an op throws.
 */
export async function checkProgram(
  equations: string,
  cases: readonly ProgramCase[] = checkCases,
  floor = 0,
  form: Form = asItIs,
): Promise<{ readonly error: number; readonly worst: string }> {
  let worst = { error: 0, worst: '' };
  const backend = tf.getBackend();
  for (const one of cases) {
    const found = await readings(equations, one, form);
    // A graphics processor is kept busy for seconds by all that the composed form consists of.
    if (backend === 'webgpu') await tf.setBackend('cpu');
    const expected = await readings(equations, one, withComposedOnly).finally(() => tf.setBackend(backend));
    const least = floor * Math.max(...expected.map(largestEntry));
    expected.forEach((reading, index) => {
      const own = largestEntry(reading);
      const relative = largestError([reading], [found[index] ?? { name: '', values: new Float32Array() }]);
      const error = own < least ? (relative * own) / least : relative;
      if (error <= worst.error) return;
      const { way, lengths, steps } = one;
      worst = { error, worst: `${way}, ${lengths.length} rows of up to ${steps} steps: ${reading.name}` };
    });
  }
  return worst;
}

const largestEntry = ({ values }: Reading): number => values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-6);

/** Values, then gradients of the input, of what is learned and of the initial state. */
async function readings(equations: string, one: ProgramCase, form: Form): Promise<Reading[]> {
  const program = cellProgram(equations, one.hidden);
  const directions = one.way === 'both directions' ? [0, 1] : [0];
  const named = [
    ...(one.inputGradient ? [{ name: 'x', tensor: () => input(one) }] : []),
    ...directions.flatMap((d) => learned(program, one.inputs, d)),
    ...(one.carried ? directions.flatMap((d) => states(program, one, d)) : []),
  ];
  const tensors = tf.tidy(() => {
    const args = named.map(({ tensor }) => tensor());
    const x = input(one);
    const run = (given: readonly tf.Tensor[]): tf.Tensor[] => outputs(program, one, one.inputGradient ? given : [x, ...given]);
    const score = (...given: tf.Tensor[]): tf.Scalar =>
      tf.addN(run(given).map((value, index) => tf.sum(tf.mul(value, normal(`up ${index}`, value.shape, 1))))) as tf.Scalar;
    return form(() => [...run(args), ...tf.valueAndGrads(score)(args).grads]);
  });
  const read = await Promise.all(tensors.map((tensor) => tensor.data()));
  tf.dispose(tensors);
  const values = tensors.length - named.length;
  return read.map((numbers, index) => ({
    name: index < values ? `output ${index}` : `gradient of ${named[index - values]?.name}`,
    values: Float32Array.from(numbers),
  }));
}

/** The sequence and each part of the final state. */
function outputs(program: CellProgram, one: ProgramCase, [x, ...rest]: readonly tf.Tensor[]): tf.Tensor[] {
  const { steps, lengths, want, inputGradient } = one;
  const each = program.parameters.length;
  const parts = program.states.length;
  const own = (d: number): readonly tf.Tensor[] => rest.slice(d * each, (d + 1) * each);
  const both = one.way === 'both directions';
  const given = rest.slice(each * (both ? 2 : 1)) as tf.Tensor2D[];
  const problem = {
    ...{ program, steps, rows: lengths.length, lengths: Int32Array.from(lengths), inputGradient },
    reverse: one.way === 'backwards',
  };
  if (!both) {
    const out = derivedRecurrence(problem, x as tf.Tensor3D, own(0), one.carried ? given : null, want);
    return [...(out.sequence ? [out.sequence] : []), ...(out.final ?? [])];
  }
  const start = one.carried ? ([given.slice(0, parts), given.slice(parts)] as const) : null;
  const out = derivedBothWays(problem, x as tf.Tensor3D, [own(0), own(1)], start, want);
  return [...(out.sequence ? [out.sequence] : []), ...(out.final?.flat() ?? [])];
}

interface Argument {
  readonly name: string;
  tensor(): tf.Tensor;
}

const input = ({ steps, lengths, inputs }: ProgramCase): tf.Tensor => normal('x', [steps, lengths.length, inputs], 0.7);

/** In the size of a trained network's: much larger ones would make rounding grow from step to step. */
function learned(program: CellProgram, inputs: number, d: number): readonly Argument[] {
  return program.parameters.map(({ name, role, shape, start }) => ({
    name: `${name} ${d}`,
    tensor() {
      const sizes = shape.map((width) => (width === 'input' ? inputs : width));
      const noise = normal(`${name} ${d}`, sizes, role === 'matrix' ? 0.6 / Math.sqrt(sizes[1] ?? 1) : 0.4);
      return start === null ? noise : tf.add(noise, start);
    },
  }));
}

const states = (program: CellProgram, { lengths }: ProgramCase, d: number): readonly Argument[] =>
  program.states.map(({ name, width }) => ({
    name: `state ${name} ${d}`,
    tensor: () => normal(`${name} ${d}`, [lengths.length, width], 0.5),
  }));

function normal(stream: string, shape: readonly number[], scale: number): tf.Tensor {
  const source = new Random(5, stream);
  const size = shape.reduce((product, n) => product * n, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => source.normal() * scale),
    [...shape],
  );
}
