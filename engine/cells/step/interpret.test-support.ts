import { Random } from '../../random.ts';
import type { CellProgram } from '../cell-program.ts';
import type { NodeId, StepGraph, StepNode, UnaryOp } from './graph.ts';

/** Numbers of one row, in double precision; of a matrix `[R, C]` its rows. */
export type Row = readonly number[];

export interface Given {
  readonly input: Row;
  readonly states: readonly Row[];
  readonly gradients: readonly Row[];
  readonly vectors: ReadonlyMap<string, Row>;
  readonly matrices: ReadonlyMap<string, readonly Row[]>;
}

/** Random numbers for everything that a step is made from. */
export function randomGiven({ parameters, states }: CellProgram, inputs: number, seed: number): Given {
  const numbers = (stream: string, count: number): Row => {
    const random = new Random(seed, stream);
    return Array.from({ length: count }, () => random.normal() * 0.8);
  };
  const size = (width: number | 'input' | undefined): number => (width === 'input' ? inputs : (width ?? 1));
  const vectors = new Map<string, Row>();
  const matrices = new Map<string, readonly Row[]>();
  for (const { name, role, shape } of parameters) {
    if (role !== 'matrix') vectors.set(name, numbers(name, size(shape[0])));
    else
      matrices.set(
        name,
        Array.from({ length: size(shape[0]) }, (_, r) => numbers(`${name} ${r}`, size(shape[1]))),
      );
  }
  return {
    input: numbers('x', inputs),
    states: states.map(({ name, width }) => numbers(name, width)),
    gradients: states.map(({ name, width }) => numbers(`d ${name}`, width)),
    vectors,
    matrices,
  };
}

const sigmoid = (a: number): number => 1 / (1 + Math.exp(-a));
const mean = (a: Row): number => a.reduce((sum, v) => sum + v, 0) / a.length;
const spread = (a: Row): number => Math.sqrt(mean(a.map((v) => (v - mean(a)) ** 2)) + 1e-5);
const dot = (a: Row, b: Row): number => a.reduce((sum, v, i) => sum + v * (b[i] ?? Number.NaN), 0);
/** Operations on one number. */
export const ofNumber = {
  negative: (a: number) => -a,
  sigmoid,
  tanh: Math.tanh,
  relu: (a: number) => Math.max(a, 0),
  softplus: (a: number) => Math.log1p(Math.exp(a)),
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  abs: Math.abs,
  step: (a: number) => (a > 0 ? 1 : 0),
  sign: Math.sign,
} satisfies Partial<Record<UnaryOp, (a: number) => number>>;
const rows: Readonly<Record<string, (a: Row) => Row>> = {
  softmax: (a) => {
    const total = a.reduce((sum, v) => sum + Math.exp(v), 0);
    return a.map((v) => Math.exp(v) / total);
  },
  layernorm: (a) => a.map((v) => (v - mean(a)) / spread(a)),
  inverseDeviation: (a) => a.map(() => 1 / spread(a)),
  sumUnits: (a) => [a.reduce((sum, v) => sum + v, 0)],
  meanUnits: (a) => [mean(a)],
};
/** Operations on two. */
export const ofPair = {
  add: (a: number, b: number) => a + b,
  subtract: (a: number, b: number) => a - b,
  multiply: (a: number, b: number) => a * b,
  divide: (a: number, b: number) => a / b,
  min: (a: number, b: number) => Math.min(a, b),
  max: (a: number, b: number) => Math.max(a, b),
};

/** One row's step, computed one number at a time: what every other way of running a graph is checked against. */
export function interpret(graph: StepGraph, given: Given): (id: NodeId) => Row {
  const known = new Map<NodeId, Row>();
  const need = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('not given');
    return value;
  };
  const outer = (left: Row, right: Row): Row => left.flatMap((a) => right.map((b) => a * b));
  const made = (node: StepNode): Row => {
    switch (node.op) {
      case 'constant':
        return [node.value];
      case 'input':
        return given.input;
      case 'state':
        return need(given.states[node.index]);
      case 'gradient':
        return need(given.gradients[node.index]);
      case 'parameter':
        return need(given.vectors.get(node.name));
      case 'product':
        return need(given.matrices.get(node.matrix)).map((row) => dot(row, value(node.of)));
      case 'backProduct': {
        const parts = node.terms.map(({ matrix, of }) => {
          const d = value(of);
          const weight = need(given.matrices.get(matrix));
          return need(weight[0]).map((_, column) =>
            dot(
              d,
              weight.map((row) => need(row[column])),
            ),
          );
        });
        return parts.reduce((sum, part) => sum.map((v, i) => v + need(part[i])));
      }
      case 'outer':
        return outer(value(node.left), value(node.right));
      case 'sumRows':
        return value(node.of);
      default: {
        if ('left' in node) {
          const [a, b] = [value(node.left), value(node.right)];
          const width = Math.max(a.length, b.length);
          const at = (row: Row, i: number): number => need(row[row.length === 1 ? 0 : i]);
          return Array.from({ length: width }, (_, i) => ofPair[node.op](at(a, i), at(b, i)));
        }
        const numbers: Readonly<Partial<Record<UnaryOp, (a: number) => number>>> = ofNumber;
        const each = numbers[node.op];
        const a = value(node.of);
        return each === undefined ? need(rows[node.op])(a) : a.map(each);
      }
    }
  };
  const value = (id: NodeId): Row => {
    const found = known.get(id) ?? made(graph.node(id));
    known.set(id, found);
    return found;
  };
  return value;
}
