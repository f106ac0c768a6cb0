import type { CellProgram } from '../cells/cell-program.ts';
import type { BinaryOp, NodeId, StepNode, UnaryOp } from '../cells/step/graph.ts';
import type { OnnxGraph } from './onnx.ts';

/** Added to a variance before its root, as in `torch.nn.LayerNorm`. */
const epsilon = 1e-5;

/** Operators of one value; those over units are written out. */
const unary: Readonly<Partial<Record<UnaryOp, string>>> = {
  negative: 'Neg',
  sigmoid: 'Sigmoid',
  tanh: 'Tanh',
  relu: 'Relu',
  softplus: 'Softplus',
  exp: 'Exp',
  log: 'Log',
  sqrt: 'Sqrt',
  abs: 'Abs',
};
const binary: Readonly<Record<BinaryOp, string>> = {
  add: 'Add',
  subtract: 'Sub',
  multiply: 'Mul',
  divide: 'Div',
  min: 'Min',
  max: 'Max',
};

/** Where the nodes of a step find what is given and what is learned. */
export interface StepNames {
  /** Of the operators, before `/`. */
  readonly prefix: string;
  readonly input: string;
  readonly states: readonly string[];
  /** A vector or number by its name in the equations. */
  readonly parameter: (name: string) => string;
  /** A matrix `[columns, rows]`, for a product from the right. */
  readonly turned: (matrix: string) => string;
}

/** Writes nodes of a cell's step as operators over the last axis, named after the values of the equations where they are one. */
export class StepWriter {
  readonly #program: CellProgram;
  readonly #names: StepNames;
  readonly #labels: ReadonlyMap<NodeId, string>;
  readonly #written = new Map<NodeId, string>();

  constructor(program: CellProgram, names: StepNames) {
    this.#program = program;
    this.#names = names;
    const labels = new Map<NodeId, string>();
    for (const [name, id] of program.step.named) if (!labels.has(id)) labels.set(id, name);
    this.#labels = labels;
  }

  /** A value that stands elsewhere under another name. */
  given(id: NodeId, name: string): void {
    this.#written.set(id, name);
  }

  /** What a node is called in the equations, or by its operation: no name there begins with a digit. */
  #label(id: NodeId): string {
    return this.#labels.get(id) ?? `${id}_${this.#program.step.graph.node(id).op}`;
  }

  /** Writes a node, and what it is made from, where that is not written yet. */
  write(graph: OnnxGraph, id: NodeId): string {
    const known = this.#written.get(id);
    if (known !== undefined) return known;
    const name = this.#made(graph, id, this.#program.step.graph.node(id));
    this.#written.set(id, name);
    return name;
  }

  #made(graph: OnnxGraph, id: NodeId, node: StepNode): string {
    const name = `${this.#names.prefix}/${this.#label(id)}`;
    switch (node.op) {
      case 'constant':
        return graph.weight(name, [], Float32Array.of(node.value));
      case 'input':
        return this.#names.input;
      case 'state':
        return this.#names.states[node.index] ?? '';
      case 'parameter':
        return this.#names.parameter(node.name);
      case 'product':
        return graph.node('MatMul', name, [this.write(graph, node.of), this.#names.turned(node.matrix)]);
      case 'softmax':
        return graph.node('Softmax', name, [this.write(graph, node.of)], { axis: { int: -1 } });
      case 'layernorm':
        return layerNorm(graph, name, this.write(graph, node.of));
      case 'add':
      case 'subtract':
      case 'multiply':
      case 'divide':
      case 'min':
      case 'max':
        return graph.node(binary[node.op], name, [this.write(graph, node.left), this.write(graph, node.right)]);
      default: {
        const op = 'of' in node && node.op in unary ? unary[node.op as UnaryOp] : undefined;
        if (op === undefined || !('of' in node)) throw new Error(`${node.op} is not of the forward pass`);
        return graph.node(op, name, [this.write(graph, node.of)]);
      }
    }
  }
}

/** (a - mean) / √(variance + ε) over units. ONNX's LayerNormalization wants a scale, which a cell's has not. */
function layerNorm(graph: OnnxGraph, name: string, value: string): string {
  const overUnits = { axes: { ints: [-1] } };
  const centred = graph.node('Sub', `${name}/centred`, [value, graph.node('ReduceMean', `${name}/mean`, [value], overUnits)]);
  const variance = graph.node(
    'ReduceMean',
    `${name}/variance`,
    [graph.node('Mul', `${name}/squared`, [centred, centred])],
    overUnits,
  );
  const raised = graph.node('Add', `${name}/raised`, [variance, graph.weight(`${name}/epsilon`, [], Float32Array.of(epsilon))]);
  return graph.node('Div', name, [centred, graph.node('Sqrt', `${name}/deviation`, [raised])]);
}
