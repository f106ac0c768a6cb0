import type { CellProgram } from '../cell-program.ts';
import type { NodeId } from '../step/graph.ts';
import { allocate, type Placed } from './allocate.ts';
import { encode } from './encode.ts';
import type { Place } from './format.ts';
import { fuse } from './fuse.ts';
import { beyondLimits, type Excess } from './limits.ts';
import { Lowering } from './lower.ts';
import { dealToRuns } from './runs.ts';
import type { Output, Value } from './value.ts';

/** A step forwards or backwards, with the widths of what it reads and writes; 0: one number a row. */
export interface Program extends Placed {
  readonly lefts: readonly number[];
  readonly rights: readonly number[];
  readonly rowSums: readonly number[];
  /** Gradients of matrices: left · rightᵀ, summed. */
  readonly outers: readonly { readonly left: number; readonly right: Place }[];
  /** The gradient of the input as a sum of products of lefts with turned matrices. */
  readonly inputTerms: readonly { readonly left: number; readonly matrix: number }[];
  /** Whether it is written by an instruction instead. */
  readonly writesInputGradient: boolean;
}

/** With what it computes, as it was before it was dealt to runs: what shaders are made from. */
export interface MadeProgram extends Program {
  readonly outputs: readonly Output[];
}

/** What both programs share. */
export interface Tables {
  readonly inputs: number;
  readonly matrices: readonly { readonly name: string; readonly rows: number; readonly columns: number }[];
  /** Nodes that all rows share, given to the programs, and their widths; 0: one number. */
  readonly vectors: readonly { readonly id: NodeId; readonly width: number }[];
  readonly constants: readonly number[];
  readonly states: readonly number[];
  readonly saved: readonly number[];
}

/** A cell's step and its gradient as data for the kernels. */
export interface RegisterProgram extends Tables {
  readonly forward: MadeProgram;
  readonly backward: MadeProgram;
  /** Nodes of the gradients of matrices, in the order of `outers`. */
  readonly outerNodes: readonly NodeId[];
  /** Nodes of sums over rows, in the order of `rowSums`; `units`: to be summed over units, too. */
  readonly sumNodes: readonly { readonly id: NodeId; readonly units: boolean }[];
  readonly words: Int32Array;
  /** Why it is too large for the kernels; `null` where it is not. */
  readonly beyond: Excess | null;
}

const remembered = new WeakMap<CellProgram, Map<number, RegisterProgram>>();

/**
 * The register program of a cell; remembered.
 *
 * @param inputs I, the width of x
 */
export function registerProgram(program: CellProgram, inputs: number): RegisterProgram {
  const known = remembered.get(program) ?? new Map<number, RegisterProgram>();
  remembered.set(program, known);
  const made = known.get(inputs) ?? compile(program, inputs);
  known.set(inputs, made);
  return made;
}

function compile(program: CellProgram, inputs: number): RegisterProgram {
  const { schedule, states } = program;
  const lowering = new Lowering(program, inputs);
  const backward = new Backward(lowering, program);
  const forwardOutputs: readonly Output[] = [
    ...schedule.next.map((id, index): Output => {
      return { value: lowering.forward(id), place: { kind: 'next', index }, width: states[index]?.width ?? 0 };
    }),
    ...lowering.savedValues(),
  ];
  const none = { lefts: [], rights: [], rowSums: [], outers: [], inputTerms: [], writesInputGradient: false };
  const tables = {
    inputs,
    matrices: lowering.matrices,
    vectors: lowering.vectors.map((id) => ({ id, width: lowering.width(id) })),
    constants: lowering.constants,
    states: states.map(({ width }) => width),
    saved: lowering.saved.map(({ width }) => width),
  };
  const made = { ...tables, forward: { ...none, ...placed(forwardOutputs) }, backward: backward.program };
  return {
    ...made,
    outerNodes: backward.outerNodes,
    sumNodes: backward.sumNodes,
    words: encode(made),
    beyond: beyondLimits(made),
  };
}

function placed(wanted: readonly Output[]): Placed & { readonly outputs: readonly Output[] } {
  const outputs = fuse(wanted);
  return { ...allocate(dealToRuns(outputs)), outputs };
}

/** The backward program: gradients of the state before the step, and what those of the parameters are made from after the loop. */
class Backward {
  readonly program: MadeProgram;
  readonly outerNodes: NodeId[] = [];
  readonly sumNodes: { readonly id: NodeId; readonly units: boolean }[] = [];
  readonly #lowering: Lowering;
  readonly #outputs: Output[] = [];
  readonly #lefts: Value[] = [];
  readonly #rights: Value[] = [];
  readonly #rowSums: number[] = [];
  readonly #outers: Program['outers'][number][] = [];

  constructor(lowering: Lowering, { schedule, states }: CellProgram) {
    this.#lowering = lowering;
    for (const instruction of schedule.backward.sums) {
      if (instruction.kind === 'outers')
        instruction.results.forEach((id, index) => {
          this.#outer(id, instruction.lefts[index] ?? 0, instruction.right);
        });
      else if (instruction.kind === 'node') this.#rowSum(instruction.id);
    }
    schedule.gradients.states.forEach((id, index) => {
      const value = id === null ? lowering.constant(0) : lowering.backward(id);
      this.#outputs.push({ value, place: { kind: 'before', index }, width: states[index]?.width ?? 0 });
    });
    const input = schedule.gradients.input === null ? null : lowering.backward(schedule.gradients.input);
    const inputTerms =
      input?.kind === 'sum' && input.start === null
        ? input.terms.map(({ matrix, of }) => ({ matrix, left: this.#left(of) }))
        : [];
    const writesInputGradient = input !== null && inputTerms.length === 0;
    if (input !== null && writesInputGradient)
      this.#outputs.push({ value: input, place: { kind: 'inputGradient', index: 0 }, width: lowering.inputs });
    this.program = {
      ...placed(this.#outputs),
      lefts: this.#lefts.map(({ width }) => width),
      rights: this.#rights.map(({ width }) => width),
      rowSums: this.#rowSums,
      outers: this.#outers,
      inputTerms,
      writesInputGradient,
    };
  }

  #output(list: Value[], kind: 'left' | 'right', value: Value): number {
    const known = list.indexOf(value);
    if (known >= 0) return known;
    const index = list.push(value) - 1;
    this.#outputs.push({ value, place: { kind, index }, width: value.width });
    return index;
  }

  #left = (value: Value): number => this.#output(this.#lefts, 'left', value);

  #outer(id: NodeId, left: NodeId, right: NodeId): void {
    const { graph } = this.#lowering;
    if (!graph.hasRows(left)) return;
    this.outerNodes.push(id);
    this.#outers.push({ left: this.#left(this.#lowering.backward(left)), right: this.#rightOf(right) });
  }

  /** The input and the output of the step before lie in arrays of their own. */
  #rightOf(id: NodeId): Place {
    const node = this.#lowering.graph.node(id);
    if (node.op === 'input') return { kind: 'input', index: 0 };
    if (node.op === 'state' && node.index === 0) return { kind: 'state', index: 0 };
    return { kind: 'right', index: this.#output(this.#rights, 'right', this.#lowering.backward(id)) };
  }

  #rowSum(id: NodeId): void {
    const { graph } = this.#lowering;
    const node = graph.node(id);
    if (node.op !== 'sumRows' || !graph.hasRows(node.of)) return;
    const of = graph.node(node.of);
    const units = of.op === 'sumUnits';
    const value = this.#lowering.backward(of.op === 'sumUnits' ? of.of : node.of);
    this.sumNodes.push({ id, units });
    const index = this.#rowSums.push(value.width) - 1;
    this.#outputs.push({ value, place: { kind: 'rowSum', index }, width: value.width });
  }
}
