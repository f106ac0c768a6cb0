/** Place of a node in its graph. Inputs stand before what is made from them. */
export type NodeId = number;

export type UnaryOp =
  | 'negative'
  | 'sigmoid'
  | 'tanh'
  | 'relu'
  | 'softplus'
  | 'exp'
  | 'log'
  | 'sqrt'
  | 'abs'
  | 'softmax'
  | 'layernorm'
  /** 1 above 0, otherwise 0. */
  | 'step'
  | 'sign'
  /** 1 / √(variance over units + ε): what `layernorm` scales by. */
  | 'inverseDeviation'
  /** Over units: one number a row. */
  | 'sumUnits'
  | 'meanUnits';
export type BinaryOp = 'add' | 'subtract' | 'multiply' | 'divide' | 'min' | 'max';

/**
 * When a node is known: once for all rows; for all steps at once, since only the input is needed; step by step, with the state before;
 * step by step backwards, with the gradients of the state after; or after all steps, as a sum over them.
 */
export const phases = { parameter: 0, input: 1, state: 2, gradient: 3, sum: 4 } as const;
export type Phase = (typeof phases)[keyof typeof phases];

/** A number for each unit and row, unless its phase says that all rows share it. */
export type StepNode = { readonly phase: Phase /** False: one number for all units. */; readonly wide: boolean } & (
  | { readonly op: 'constant'; readonly value: number }
  | { readonly op: 'input' }
  /** A part of the state before the step. */
  | { readonly op: 'state'; readonly index: number }
  /** The gradient of a part of the state after the step. */
  | { readonly op: 'gradient'; readonly index: number }
  | { readonly op: 'parameter'; readonly name: string }
  /** of Wᵀ */
  | { readonly op: 'product'; readonly matrix: string; readonly of: NodeId }
  /** Σ of W over the terms. */
  | { readonly op: 'backProduct'; readonly terms: readonly { readonly matrix: string; readonly of: NodeId }[] }
  /** Σ leftᵀ right over rows: a matrix. */
  | { readonly op: 'outer'; readonly left: NodeId; readonly right: NodeId }
  | { readonly op: 'sumRows'; readonly of: NodeId }
  | { readonly op: UnaryOp; readonly of: NodeId }
  | { readonly op: BinaryOp; readonly left: NodeId; readonly right: NodeId }
);
type Unplaced = StepNode extends infer N ? (N extends StepNode ? Omit<N, 'phase' | 'wide'> : never) : never;

/** Nodes that a node is made from. */
export function inputsOf(node: StepNode | Unplaced): readonly NodeId[] {
  if ('terms' in node) return node.terms.map(({ of }) => of);
  if ('left' in node) return [node.left, node.right];
  return 'of' in node ? [node.of] : [];
}

/** Values of one step and how they are made. What is made in the same way twice is one node. */
export class StepGraph {
  readonly #nodes: StepNode[] = [];
  readonly #known = new Map<string, NodeId>();

  get size(): number {
    return this.#nodes.length;
  }

  node(id: NodeId): StepNode {
    const node = this.#nodes[id];
    if (node === undefined) throw new Error(`the step has no node ${id}`);
    return node;
  }

  phase(id: NodeId): Phase {
    return this.node(id).phase;
  }

  /** Whether each row has its own. */
  hasRows(id: NodeId): boolean {
    const phase = this.phase(id);
    return phase !== phases.parameter && phase !== phases.sum;
  }

  #place(node: Unplaced, phase: Phase, wide: boolean): NodeId {
    const key = JSON.stringify(node);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const id = this.#nodes.length;
    this.#nodes.push({ ...node, phase, wide } as StepNode);
    this.#known.set(key, id);
    return id;
  }

  #latest(ids: readonly NodeId[]): Phase {
    return Math.max(...ids.map((id) => this.phase(id))) as Phase;
  }

  constant = (value: number): NodeId => this.#place({ op: 'constant', value }, phases.parameter, false);
  input = (): NodeId => this.#place({ op: 'input' }, phases.input, true);
  state = (index: number): NodeId => this.#place({ op: 'state', index }, phases.state, true);
  gradient = (index: number): NodeId => this.#place({ op: 'gradient', index }, phases.gradient, true);
  parameter = (name: string, wide: boolean): NodeId => this.#place({ op: 'parameter', name }, phases.parameter, wide);
  product = (matrix: string, of: NodeId): NodeId => this.#place({ op: 'product', matrix, of }, this.phase(of), true);

  backProduct(terms: readonly { readonly matrix: string; readonly of: NodeId }[]): NodeId {
    return this.#place({ op: 'backProduct', terms }, this.#latest(terms.map(({ of }) => of)), true);
  }

  outer = (left: NodeId, right: NodeId): NodeId => this.#place({ op: 'outer', left, right }, phases.sum, true);

  sumRows(of: NodeId): NodeId {
    return this.hasRows(of) ? this.#place({ op: 'sumRows', of }, phases.sum, this.node(of).wide) : of;
  }

  /** The value of a constant node. */
  #value(id: NodeId): number | null {
    const node = this.node(id);
    return node.op === 'constant' ? node.value : null;
  }

  unary(op: UnaryOp, of: NodeId): NodeId {
    const node = this.node(of);
    if (op === 'negative') {
      if (node.op === 'negative') return node.of;
      if (node.op === 'constant') return this.constant(-node.value);
    }
    const wide = node.wide && op !== 'sumUnits' && op !== 'meanUnits';
    return this.#place({ op, of }, node.phase, wide);
  }

  binary(op: BinaryOp, left: NodeId, right: NodeId): NodeId {
    const simple = this.#simplified(op, left, right);
    if (simple !== null) return simple;
    const wide = this.node(left).wide || this.node(right).wide;
    return this.#place({ op, left, right }, this.#latest([left, right]), wide);
  }

  /** What numbers make simpler: `0 + a`, `1 * a`, `a + -b`. */
  #simplified(op: BinaryOp, left: NodeId, right: NodeId): NodeId | null {
    const [a, b] = [this.#value(left), this.#value(right)];
    if (a !== null && b !== null) return this.constant(calculate[op](a, b));
    const second = this.node(right);
    switch (op) {
      case 'add':
        if (a === 0) return right;
        if (b === 0) return left;
        return second.op === 'negative' ? this.binary('subtract', left, second.of) : null;
      case 'subtract':
        if (a === 0) return this.unary('negative', right);
        if (b === 0) return left;
        return second.op === 'negative' ? this.binary('add', left, second.of) : null;
      case 'multiply':
        if (a === 1) return right;
        if (b === 1) return left;
        return a === -1 ? this.unary('negative', right) : b === -1 ? this.unary('negative', left) : null;
      case 'divide':
        return b === 1 ? left : null;
      case 'min':
      case 'max':
        return null;
    }
  }
}

/** Each of them on two numbers. */
export const calculate: Readonly<Record<BinaryOp, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  min: Math.min,
  max: Math.max,
};
