import type { CellProgram } from '../cell-program.ts';
import { type BinaryOp, calculate, type NodeId, phases, type StepGraph, type UnaryOp } from './graph.ts';

/** Numbers in double precision, row after row. One row, or a width of 1, stands for all rows or units. */
export interface Block {
  readonly rows: number;
  readonly width: number;
  readonly data: Float64Array;
}

/** What a step of some rows is made from. */
export interface StepGiven {
  /** `[rows, I]` */
  readonly input: Block;
  /** Each part of the state before the step, `[rows, width]`. */
  readonly states: readonly Block[];
  /** By name: matrices `[R, C]`, biases and vectors `[1, width]`, scalars `[1, 1]`. */
  readonly parameters: ReadonlyMap<string, Block>;
}

/**
 * One step of any cell in double precision, outside of every backend, out of its equations: each value by its node, and gradients of the
 * state after it pulled back to the state before. What is asked for is computed, once.
 */
export class StepEvaluation {
  readonly #program: CellProgram;
  readonly #given: StepGiven;
  readonly #known = new Map<NodeId, Block>();

  constructor(program: CellProgram, given: StepGiven) {
    this.#program = program;
    this.#given = given;
  }

  /** A value of the forward pass, `[rows, width]`. */
  value(id: NodeId): Block {
    return evaluate(this.#program.schedule.graph, id, this.#given, null, this.#known);
  }

  /** Each part of the state after the step. */
  get next(): readonly Block[] {
    return this.#program.step.next.map((id) => this.value(id));
  }

  /**
   * Vector–Jacobian products: from the gradient of each part of the state after the step to that of each part before it. More rows of
   * gradients than the step has share its one row: all rows of a Jacobian come out of one call.
   *
   * @param gradients `[R, width]` of each part, with R the step's rows, or any where the step has one row
   */
  pullBack(gradients: readonly Block[]): readonly Block[] {
    const { graph, gradients: found } = this.#program.schedule;
    const known = new Map<NodeId, Block>();
    const rows = gradients[0]?.rows ?? 0;
    return found.states.map((id, part) => {
      const width = this.#program.states[part]?.width ?? 0;
      if (id === null) return { rows, width, data: new Float64Array(rows * width) };
      return spread(evaluate(graph, id, this.#given, { gradients, known }, this.#known), rows, width);
    });
  }
}

interface Backward {
  readonly gradients: readonly Block[];
  /** Of this call: the forward pass is shared by all. */
  readonly known: Map<NodeId, Block>;
}

function evaluate(graph: StepGraph, id: NodeId, given: StepGiven, backward: Backward | null, forward: Map<NodeId, Block>): Block {
  const store = backward !== null && graph.phase(id) === phases.gradient ? backward.known : forward;
  const known = store.get(id);
  if (known !== undefined) return known;
  const of = (node: NodeId): Block => evaluate(graph, node, given, backward, forward);
  const made = compute(graph, id, given, backward?.gradients ?? [], of);
  store.set(id, made);
  return made;
}

function compute(
  graph: StepGraph,
  id: NodeId,
  { input, states, parameters }: StepGiven,
  gradients: readonly Block[],
  of: (id: NodeId) => Block,
): Block {
  const node = graph.node(id);
  switch (node.op) {
    case 'constant':
      return { rows: 1, width: 1, data: Float64Array.of(node.value) };
    case 'input':
      return input;
    case 'state':
      return present(states[node.index], `part ${node.index} of the state`);
    case 'gradient':
      return present(gradients[node.index], `the gradient of part ${node.index} of the state`);
    case 'parameter':
      return present(parameters.get(node.name), node.name);
    case 'product':
      return product(present(parameters.get(node.matrix), node.matrix), of(node.of));
    case 'backProduct':
      return node.terms
        .map((term) => backProduct(present(parameters.get(term.matrix), term.matrix), of(term.of)))
        .reduce((sum, term) => pairwise('add', sum, term));
    case 'outer':
    case 'sumRows':
      throw new Error(`${node.op}: gradients of weights are not evaluated here`);
    default:
      return 'left' in node ? pairwise(node.op, of(node.left), of(node.right)) : single(node.op, of(node.of));
  }
}

function present(block: Block | undefined, name: string): Block {
  if (block === undefined) throw new Error(`${name}: not given`);
  return block;
}

/** `x Wᵀ`, four rows at a time, so that a weight is fetched once for them. @param matrix `[R, C]` @param of `[rows, C]` */
function product(matrix: Block, of: Block): Block {
  const { rows: outputs, width: inputs, data: weights } = matrix;
  const { rows, data: values } = of;
  const data = new Float64Array(rows * outputs);
  for (let row = 0; row < rows; row += 4) {
    // Past the last row it is that one again.
    const [second, third, fourth] = [Math.min(row + 1, rows - 1), Math.min(row + 2, rows - 1), Math.min(row + 3, rows - 1)];
    for (let output = 0; output < outputs; output++) {
      const at = output * inputs;
      let [a, b, c, d] = [0, 0, 0, 0];
      for (let i = 0; i < inputs; i++) {
        const weight = weights[at + i] ?? 0;
        a += weight * (values[row * inputs + i] ?? 0);
        b += weight * (values[second * inputs + i] ?? 0);
        c += weight * (values[third * inputs + i] ?? 0);
        d += weight * (values[fourth * inputs + i] ?? 0);
      }
      data[row * outputs + output] = a;
      data[second * outputs + output] = b;
      data[third * outputs + output] = c;
      data[fourth * outputs + output] = d;
    }
  }
  return { rows, width: outputs, data };
}

/** `d W`, four of its terms at a time. @param matrix `[R, C]` @param d `[rows, R]` */
function backProduct(matrix: Block, d: Block): Block {
  const { rows: outputs, width: inputs, data: weights } = matrix;
  const { rows, data: values } = d;
  const data = new Float64Array(rows * inputs);
  for (let row = 0; row < rows; row++) {
    const [from, into] = [row * outputs, row * inputs];
    for (let output = 0; output < outputs; output += 4) {
      const left = outputs - output;
      const first = values[from + output] ?? 0;
      const second = left > 1 ? (values[from + output + 1] ?? 0) : 0;
      const third = left > 2 ? (values[from + output + 2] ?? 0) : 0;
      const fourth = left > 3 ? (values[from + output + 3] ?? 0) : 0;
      // Most of the rows of an identity block.
      if (first === 0 && second === 0 && third === 0 && fourth === 0) continue;
      const a = output * inputs;
      const b = left > 1 ? a + inputs : a;
      const c = left > 2 ? b + inputs : a;
      const e = left > 3 ? c + inputs : a;
      for (let i = 0; i < inputs; i++) {
        data[into + i] =
          (data[into + i] ?? 0) +
          (first * (weights[a + i] ?? 0) +
            second * (weights[b + i] ?? 0) +
            (third * (weights[c + i] ?? 0) + fourth * (weights[e + i] ?? 0)));
      }
    }
  }
  return { rows, width: inputs, data };
}

function pairwise(op: BinaryOp, left: Block, right: Block): Block {
  const rows = Math.max(left.rows, right.rows);
  const width = Math.max(left.width, right.width);
  const ofTwo = calculate[op];
  const data = new Float64Array(rows * width);
  if (left.data.length === data.length && right.data.length === data.length && alike(op, left.data, right.data, data))
    return { rows, width, data };
  const [leftRow, leftUnit] = strides(left);
  const [rightRow, rightUnit] = strides(right);
  for (let row = 0, at = 0; row < rows; row++) {
    let [l, r] = [row * leftRow, row * rightRow];
    for (let unit = 0; unit < width; unit++, at++, l += leftUnit, r += rightUnit)
      data[at] = ofTwo(left.data[l] ?? 0, right.data[r] ?? 0);
  }
  return { rows, width, data };
}

/** What most of a step is, without a call for each number. @returns whether it was done */
function alike(op: BinaryOp, left: Float64Array, right: Float64Array, into: Float64Array): boolean {
  if (op === 'multiply') for (let i = 0; i < into.length; i++) into[i] = (left[i] ?? 0) * (right[i] ?? 0);
  else if (op === 'add') for (let i = 0; i < into.length; i++) into[i] = (left[i] ?? 0) + (right[i] ?? 0);
  else return false;
  return true;
}

/** How far the next row and the next unit are: nowhere, where one stands for all. */
const strides = ({ rows, width }: Block): readonly [row: number, unit: number] => [rows === 1 ? 0 : width, width === 1 ? 0 : 1];

function spread(block: Block, rows: number, width: number): Block {
  if (block.rows === rows && block.width === width) return block;
  return pairwise('add', block, { rows, width, data: new Float64Array(rows * width) });
}

/** PyTorch's `nn.LayerNorm`, and that of every other form of the equations. */
const layerNormEpsilon = 1e-5;

const one: Readonly<Partial<Record<UnaryOp, (a: number) => number>>> = {
  negative: (a) => -a,
  sigmoid: (a) => 1 / (1 + Math.exp(-a)),
  tanh: Math.tanh,
  relu: (a) => Math.max(a, 0),
  softplus: (a) => Math.max(a, 0) + Math.log1p(Math.exp(-Math.abs(a))),
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  abs: Math.abs,
  step: (a) => (a > 0 ? 1 : 0),
  sign: Math.sign,
};

const sum = (row: Float64Array): number => row.reduce((total, value) => total + value, 0);
const mean = (row: Float64Array): number => sum(row) / row.length;
function inverseDeviation(row: Float64Array): number {
  const middle = mean(row);
  return 1 / Math.sqrt(mean(row.map((value) => (value - middle) ** 2)) + layerNormEpsilon);
}

/** Of all units of a row; a number stands for as many as there are. */
const ofRow: Readonly<Partial<Record<UnaryOp, (row: Float64Array) => Float64Array | number>>> = {
  softmax: (row) => {
    const top = row.reduce((largest, value) => Math.max(largest, value), Number.NEGATIVE_INFINITY);
    const powers = row.map((value) => Math.exp(value - top));
    const total = sum(powers);
    return powers.map((power) => power / total);
  },
  layernorm: (row) => {
    const [middle, scale] = [mean(row), inverseDeviation(row)];
    return row.map((value) => (value - middle) * scale);
  },
  inverseDeviation: (row) => inverseDeviation(row),
  sumUnits: sum,
  meanUnits: mean,
};

function single(op: UnaryOp, of: Block): Block {
  const calculate = one[op];
  const { rows, width, data } = of;
  if (calculate !== undefined) return { rows, width, data: data.map(calculate) };
  const rowwise = ofRow[op];
  if (rowwise === undefined) throw new Error(`${op} is not known here`);
  const results = Array.from({ length: rows }, (_, row) => rowwise(data.subarray(row * width, (row + 1) * width)));
  const wide = op !== 'sumUnits' && op !== 'meanUnits';
  const made = new Float64Array(rows * (wide ? width : 1));
  results.forEach((result, row) => {
    if (typeof result === 'number') made.fill(result, row * (wide ? width : 1), (row + 1) * (wide ? width : 1));
    else made.set(result, row * width);
  });
  return { rows, width: wide ? width : 1, data: made };
}
