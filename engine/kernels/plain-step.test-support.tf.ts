import * as tf from '@tensorflow/tfjs-core';
import { cellProgram } from '../cells/cell-program.ts';
import { type Expression, isFunctionName, roleOf } from '../cells/language/tree.ts';
import { storedWeights } from '../cells/parameters.ts';
import type { CellDescription } from '../shapes/value-type.ts';

const mean = (a: tf.Tensor): tf.Tensor => tf.mean(a, -1, true);
const squares = (a: tf.Tensor): tf.Tensor => mean(tf.square(tf.sub(a, mean(a))));
const functions = {
  sigmoid: tf.sigmoid,
  tanh: tf.tanh,
  relu: tf.relu,
  softplus: tf.softplus,
  exp: tf.exp,
  log: tf.log,
  sqrt: tf.sqrt,
  abs: tf.abs,
  softmax: (a: tf.Tensor): tf.Tensor => tf.softmax(a),
  layernorm: (a: tf.Tensor): tf.Tensor => tf.div(tf.sub(a, mean(a)), tf.sqrt(tf.add(squares(a), 1e-5))),
  min: tf.minimum,
  max: tf.maximum,
} as const;
const operators = { '+': tf.add, '-': tf.sub, '*': tf.mul, '/': tf.div } as const;

/** What a cell's equations learn, out of its weights as they are stored, `name → tensor`. */
export function learned(cell: CellDescription, stored: (name: string) => tf.Tensor): ReadonlyMap<string, tf.Tensor> {
  const all = storedWeights(cell).flatMap(({ name, blocks }) => {
    const whole = stored(name);
    const rows = (whole.shape[0] ?? 0) / blocks.length;
    return blocks.map((block, index): [string, tf.Tensor] => [block, whole.slice([index * rows], [rows])]);
  });
  return new Map(all);
}

/**
 * One step of a cell as a reader would do it, line by line of its equations, with TensorFlow.js's own gradients: what every faster form
 * is checked against.
 *
 * @param x `[N, I]`
 * @param state parts `[N, …]`
 * @returns the state after the step
 */
export function plainStep(
  cell: CellDescription,
  x: tf.Tensor,
  state: readonly tf.Tensor[],
  weights: ReadonlyMap<string, tf.Tensor>,
): tf.Tensor[] {
  const { values, states } = cellProgram(cell.equations, cell.hidden);
  const known = new Map<string, tf.Tensor>([
    ['x', x],
    ...states.map(({ name }, i): [string, tf.Tensor] => [name, state[i] ?? x]),
  ]);
  const need = (from: ReadonlyMap<string, tf.Tensor>, name: string): tf.Tensor => {
    const found = from.get(name);
    if (found === undefined) throw new Error(`${name} has no value`);
    return found;
  };
  const evaluate = (one: Expression): tf.Tensor => {
    switch (one.kind) {
      case 'number':
        return tf.scalar(one.value);
      case 'name':
        return roleOf(one.name) === 'value' ? need(known, one.next ? `${one.name}'` : one.name) : need(weights, one.name);
      case 'product':
        return tf.matMul(evaluate(one.of) as tf.Tensor2D, need(weights, one.matrix) as tf.Tensor2D, false, true);
      case 'negative':
        return tf.neg(evaluate(one.of));
      case 'binary':
        return operators[one.operator](evaluate(one.left), evaluate(one.right));
      case 'call': {
        if (!isFunctionName(one.function)) throw new Error(`no function ${one.function}`);
        const [first = x, second = x] = one.arguments.map(evaluate);
        const { function: name } = one;
        return name === 'min' || name === 'max' ? functions[name](first, second) : functions[name](first);
      }
    }
  };
  for (const { name, next, expression } of values) known.set(next ? `${name}'` : name, evaluate(expression));
  return states.map(({ name }) => need(known, name === 'out' ? 'out' : `${name}'`));
}
