import type { CellProgram } from '../cell-program.ts';
import { inputsOf, type NodeId, phases, type StepGraph } from '../step/graph.ts';
import type { Calculation, Place } from './format.ts';
import type { Output, Term, Value } from './value.ts';

/** Added to a variance before its root, as in `torch.nn.LayerNorm`. */
const epsilon = 1e-5;

/** What the backward program needs of the forward one: a node, or what `layernorm` of it was scaled by; 0 wide: one number a row. */
interface Saved {
  readonly key: string;
  readonly width: number;
}

/** Values of the graph that both programs of a cell are made of, and the tables that they share. */
export class Lowering {
  readonly graph: StepGraph;
  readonly matrices: readonly { readonly name: string; readonly rows: number; readonly columns: number }[];
  /** Nodes that all rows share, given to the programs. */
  readonly vectors: NodeId[] = [];
  /** The first is 1. */
  readonly constants: number[] = [1];
  readonly saved: Saved[] = [];
  readonly inputs: number;
  readonly #program: CellProgram;
  readonly #widths = new Map<NodeId, number>();
  readonly #made: ReadonlySet<NodeId>;
  readonly #forward = new Map<string, Value>();
  readonly #backward = new Map<string, Value>();

  /** @param inputs I, the width of x */
  constructor(program: CellProgram, inputs: number) {
    this.#program = program;
    this.graph = program.schedule.graph;
    this.inputs = inputs;
    const size = (width: number | 'input' | undefined): number => (width === 'input' ? inputs : (width ?? 1));
    this.matrices = program.parameters
      .filter(({ role }) => role === 'matrix')
      .map(({ name, shape }) => ({ name, rows: size(shape[0]), columns: size(shape[1]) }));
    this.#made = ancestors(this.graph, program.schedule.next);
  }

  matrix(name: string): number {
    const index = this.matrices.findIndex((matrix) => matrix.name === name);
    if (index < 0) throw new Error(`the cell has no matrix ${name}`);
    return index;
  }

  vectorWidths(): readonly number[] {
    return this.vectors.map((id) => this.width(id));
  }

  /** 0 where all units share one number. */
  width(id: NodeId): number {
    const known = this.#widths.get(id);
    if (known !== undefined) return known;
    const width = this.#width(id);
    this.#widths.set(id, width);
    return width;
  }

  #width(id: NodeId): number {
    const node = this.graph.node(id);
    const { states, parameters } = this.#program;
    switch (node.op) {
      case 'constant':
      case 'sumUnits':
      case 'meanUnits':
      case 'inverseDeviation':
        return 0;
      case 'input':
        return this.inputs;
      case 'state':
      case 'gradient':
        return states[node.index]?.width ?? 0;
      case 'parameter': {
        const parameter = parameters.find(({ name }) => name === node.name);
        const [width = 0] = parameter?.role === 'scalar' ? [] : (parameter?.shape ?? []);
        return width === 'input' ? this.inputs : width;
      }
      case 'product':
        return this.matrices[this.matrix(node.matrix)]?.rows ?? 0;
      case 'backProduct':
        return this.matrices[this.matrix(node.terms[0]?.matrix ?? '')]?.columns ?? 0;
      case 'outer':
        throw new Error('the gradient of a matrix is in no program');
      default:
        return Math.max(...inputsOf(node).map((input) => this.width(input)));
    }
  }

  /** A node within the forward program. */
  forward = (id: NodeId): Value => this.#value(this.#forward, id, this.forward, false);

  /** A node within the backward program: what the forward one made is kept by it, or made again where that is cheaper. */
  backward = (id: NodeId): Value => this.#value(this.#backward, id, this.backward, true);

  constant(value: number): Value {
    let index = this.constants.findIndex((one) => Object.is(one, value));
    if (index < 0) index = this.constants.push(value) - 1;
    return given('constant', index, 0);
  }

  /** What the forward program keeps, once the backward one has been made. */
  savedValues(): readonly Output[] {
    return this.saved.map(({ key, width }, index) => {
      const [what, of = ''] = key.split(' ');
      const id = Number(of);
      const value = what === 'scale' ? this.#scale(this.#forward, id, this.forward) : this.forward(id);
      return { value, place: { kind: 'saved', index }, width };
    });
  }

  #keep(key: string, width: number): Value {
    let index = this.saved.findIndex((one) => one.key === key);
    if (index < 0) index = this.saved.push({ key, width }) - 1;
    return given('saved', index, width);
  }

  #value(known: Map<string, Value>, id: NodeId, get: (id: NodeId) => Value, backwards: boolean): Value {
    return remembered(known, `${id}`, () => {
      const node = this.graph.node(id);
      if (node.op === 'constant') return this.constant(node.value);
      if (node.phase === phases.parameter) return this.#vector(id);
      if (node.op === 'input') return given('input', 0, this.inputs);
      if (node.op === 'gradient') return given('gradient', node.index, this.width(id));
      if (node.op === 'state')
        return backwards ? this.#keep(`node ${id}`, this.width(id)) : given('state', node.index, this.width(id));
      if (backwards && this.#made.has(id)) return this.#again(id) ?? this.#keep(`node ${id}`, this.width(id));
      return this.#calculated(known, id, get, backwards);
    });
  }

  #vector(id: NodeId): Value {
    let index = this.vectors.indexOf(id);
    if (index < 0) index = this.vectors.push(id) - 1;
    return given('vector', index, this.width(id));
  }

  /** A value of the forward program made again from at most two that are kept: that costs less than keeping it. */
  #again(id: NodeId): Value | null {
    const leaves = new Set<NodeId>();
    if (!this.#isCheap(id, leaves, 6) || leaves.size > 2) return null;
    return this.#calculated(this.#backward, id, this.backward, true);
  }

  #isCheap(id: NodeId, leaves: Set<NodeId>, depth: number): boolean {
    const node = this.graph.node(id);
    if (node.phase === phases.parameter) return true;
    if (!cheap.has(node.op)) return false;
    return inputsOf(node).every((input) => {
      const { op, phase } = this.graph.node(input);
      if (phase === phases.parameter) return true;
      if (depth > 0 && this.#isCheap(input, leaves, depth - 1)) return true;
      leaves.add(input);
      return op !== 'product';
    });
  }

  /** 1 / √(variance over units + ε) */
  #scale(known: Map<string, Value>, of: NodeId, get: (id: NodeId) => Value): Value {
    return remembered(known, `scale ${of}`, () => {
      const centred = this.#centred(known, of, get);
      const variance = this.#mean(calculation('multiply', [centred, centred]));
      const root = calculation('sqrt', [calculation('add', [variance, this.constant(epsilon)])]);
      return calculation('divide', [this.constant(1), root]);
    });
  }

  #centred(known: Map<string, Value>, of: NodeId, get: (id: NodeId) => Value): Value {
    return remembered(known, `centred ${of}`, () => calculation('subtract', [get(of), this.#mean(get(of))]));
  }

  #mean(of: Value): Value {
    return calculation('multiply', [reduction('sumUnits', of), this.constant(1 / of.width)]);
  }

  #calculated(known: Map<string, Value>, id: NodeId, get: (id: NodeId) => Value, backwards: boolean): Value {
    const node = this.graph.node(id);
    const term = (matrix: string, of: NodeId, turned: boolean): Term => ({ matrix: this.matrix(matrix), turned, of: get(of) });
    switch (node.op) {
      case 'product':
        return { kind: 'sum', width: this.width(id), terms: [term(node.matrix, node.of, false)], start: null };
      case 'backProduct':
        return {
          kind: 'sum',
          width: this.width(id),
          terms: node.terms.map(({ matrix, of }) => term(matrix, of, true)),
          start: null,
        };
      case 'sumUnits':
        return reduction('sumUnits', get(node.of));
      case 'meanUnits':
        return this.#mean(get(node.of));
      case 'inverseDeviation':
        if (backwards && this.#isNormed(node.of)) return this.#keep(`scale ${node.of}`, 0);
        return this.#scale(known, node.of, get);
      case 'layernorm':
        return calculation('multiply', [this.#centred(known, node.of, get), this.#scale(known, node.of, get)]);
      case 'softmax': {
        const of = get(node.of);
        const powers = calculation('exp', [calculation('subtract', [of, reduction('maxUnits', of)])]);
        return calculation('divide', [powers, reduction('sumUnits', powers)]);
      }
      case 'constant':
      case 'input':
      case 'state':
      case 'gradient':
      case 'parameter':
      case 'outer':
      case 'sumRows':
        throw new Error(`${node.op} is not calculated in a step`);
      default:
        return calculation(node.op, inputsOf(node).map(get));
    }
  }

  /** Whether the forward program computes the layer norm of a node. */
  #isNormed(of: NodeId): boolean {
    for (const id of this.#made) {
      const node = this.graph.node(id);
      if (node.op === 'layernorm' && node.of === of) return true;
    }
    return false;
  }
}

const cheap: ReadonlySet<string> = new Set(['negative', 'add', 'subtract', 'multiply', 'relu', 'abs', 'min', 'max']);

export const given = (kind: Place['kind'], index: number, width: number): Value => ({
  kind: 'given',
  place: { kind, index },
  width,
});

export function calculation(operation: Calculation, from: readonly Value[]): Value {
  return { kind: 'calculation', operation, from, width: Math.max(...from.map(({ width }) => width)) };
}

function reduction(operation: 'sumUnits' | 'maxUnits', of: Value): Value {
  if (of.width === 0) throw new Error('one number a row has no units to gather');
  return { kind: 'reduction', operation, of, width: 0 };
}

function remembered(known: Map<string, Value>, key: string, make: () => Value): Value {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}

/** Nodes with a row for each example that the nodes are made from, themselves included. */
function ancestors(graph: StepGraph, of: readonly NodeId[]): ReadonlySet<NodeId> {
  const found = new Set<NodeId>();
  const open = [...of];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id) || !graph.hasRows(id)) continue;
    found.add(id);
    open.push(...inputsOf(graph.node(id)));
  }
  return found;
}
