import { compileCell } from '../../engine/cells/cell-program.ts';
import { nodeOf } from '../../engine/document/node-of.ts';
import type { GraphNode, UnrollDocument } from '../../engine/document/schema.ts';
import type { OutputMode } from '../../engine/layers/wrapper-output.ts';
import type { Trace, TracedNode, TracedRecurrence } from '../../engine/protocol/inspect.ts';
import { type CellOfNode, cellOf } from '../cell-editor/cell-actions.ts';
import { isCellNode } from '../cell-editor/is-cell-node.ts';
import { type Matrix, matrixOf } from '../insight/matrix.ts';
import { stepNames } from '../insight/step-names.ts';
import type { Place } from '../insight/store.ts';
import { axisOf } from '../insight/time-axis.ts';
import { visibleToken } from '../ui/visible-token.ts';
import { type ParameterUse, parameterUses } from './parameter-uses.ts';
import { type Direction, type WrapperRuns, wrapperRuns } from './wrapper-runs.ts';

/** One layer of a recurrent node in one direction: a row of copies of its cell. */
export interface UnrolledRow {
  readonly layer: number;
  readonly direction: Direction;
  /** What each copy is called: its word, or its number. */
  readonly names: readonly string[];
  /** As it was traced; `null` where no network is looked into. */
  readonly traced: { readonly place: Place; readonly recurrence: TracedRecurrence } | null;
}

/** The rows of one layer: one, or one for each direction. */
export interface UnrolledLayer {
  /** Copies of what lies under it that become one of this layer's. */
  readonly join: number;
  /** Forward first. */
  readonly rows: readonly UnrolledRow[];
}

/** A recurrent node, unfolded in time. */
export interface Unrolled {
  /** What is looked into; `null`: any sentence, of x₁ to x_T. */
  readonly trace: Trace | null;
  readonly node: TracedNode | null;
  /** What the first layer reads at each step. */
  readonly inputs: readonly string[];
  /** What is said after each step, where a decoder says something; empty else. */
  readonly says: readonly string[];
  /** How much each step of a decoder looks at each step of its memory `[U, T]`, and what those are called. */
  readonly attention: { readonly weights: Matrix; readonly memory: readonly string[] } | null;
  /** From the first, which lies lowest. */
  readonly layers: readonly UnrolledLayer[];
  readonly gives: OutputMode;
  /** Steps that are left out before the last, as of any sentence. */
  readonly shortened: boolean;
  readonly equations: string;
  /** The first is what it gives at each step. */
  readonly states: readonly string[];
  readonly parameters: readonly ParameterUse[];
}

/** The first steps and the last, of a sentence of any length. */
const anySteps: readonly string[] = ['1', '2', '3', 'T'];
/** Steps that are shown of what joins many. */
const mostJoined = 64;

/** The cell that a wrapper runs. */
export function cellOfWrapper(document: Pick<UnrollDocument, 'nodes' | 'edges'>, id: string): GraphNode | null {
  for (const { from, to } of document.edges) {
    const node = to.node === id ? nodeOf(document, from.node) : undefined;
    if (node && isCellNode(node)) return node;
  }
  return null;
}

/** Whether a node can be unfolded: it runs a cell whose equations are known. */
export const canUnfold = (document: Pick<UnrollDocument, 'nodes' | 'edges'>, node: GraphNode): boolean => {
  const cell = wrapperRuns(node) && cellOfWrapper(document, node.id);
  return cell !== null && cellOf(cell) !== null;
};

/** A node as it unfolds, with what a trace has of it; `null` where it runs no cell. */
export function unrolledOf(
  document: Pick<UnrollDocument, 'nodes' | 'edges'>,
  node: GraphNode,
  trace: Trace | null,
  traced: TracedNode | null,
): Unrolled | null {
  const runs = wrapperRuns(node);
  if (runs === null) return null;
  if (trace !== null && traced !== null && traced.recurrent.length > 0) return fromTrace(runs, trace, traced);
  const cell = cellOfWrapper(document, node.id);
  const known = cell && cellOf(cell);
  return known ? fromGraph(runs, known) : null;
}

function fromTrace(runs: WrapperRuns, trace: Trace, node: TracedNode): Unrolled {
  const numbers = [...new Set(node.recurrent.map(({ layer }) => layer))].sort((a, b) => a - b);
  const layers = numbers.map((number): UnrolledLayer => {
    const own = node.recurrent.filter(({ layer }) => layer === number);
    const rows = own.map((recurrence): UnrolledRow => {
      const { layer, direction, steps } = recurrence;
      const place = { node: node.node, layer, direction };
      return { layer, direction, names: stepNames(steps, trace.steps), traced: { place, recurrence } };
    });
    return {
      join: runs.join,
      rows: rows.sort((a, b) => Number(a.direction === 'backward') - Number(b.direction === 'backward')),
    };
  });
  const steps = node.recurrent.find(({ layer }) => layer === numbers[0])?.steps ?? [];
  const decoder = axisOf(steps, trace.steps) === 'target';
  const { equations = '', states = [] } = node.recurrent[0] ?? {};
  return {
    trace,
    node,
    inputs: inputNames(steps, runs.join, trace),
    says: decoder ? (trace.target?.values ?? []).slice(0, steps.length).map(visibleToken) : [],
    attention: attentionOf(trace, node),
    layers,
    gives: runs.gives,
    shortened: false,
    equations,
    states: states.map(({ name }) => name),
    parameters: parameterUses(equations),
  };
}

function attentionOf({ steps, nodes }: Trace, { attention, recurrent }: TracedNode): Unrolled['attention'] {
  const weights = attention && matrixOf(attention);
  if (!weights || weights.rows !== recurrent[0]?.steps.length) return null;
  // The memory is what some layer makes of the input: of every step, or of several in one.
  const axes = [steps, ...nodes.flatMap(({ outputs }) => outputs.map((output) => output.steps))];
  const axis = axes.find(({ length }) => length === weights.columns) ?? [];
  return { weights, memory: stepNames(axis, steps) };
}

/** Of what joins steps before its first layer, the steps that it joins. */
function inputNames(steps: TracedRecurrence['steps'], join: number, trace: Trace): readonly string[] {
  if (join === 1) return stepNames(steps, trace.steps);
  if (Math.ceil(trace.steps.length / join) === steps.length) return stepNames(trace.steps, trace.steps);
  return Array.from({ length: steps.length * join }, (_, step) => String(step + 1));
}

function fromGraph({ layers, directions, join, gives }: WrapperRuns, { equations, hidden }: CellOfNode): Unrolled {
  const compiled = compileCell(equations, hidden);
  const numbered = (count: number): readonly string[] => Array.from({ length: count }, (_, step) => String(step + 1));
  // A pyramid joins: as many steps as its last layer has one of, but not without end.
  const inputs = join === 1 ? anySteps : numbered(Math.min(mostJoined, join ** layers));
  return {
    trace: null,
    node: null,
    inputs,
    says: [],
    attention: null,
    layers: Array.from({ length: layers }, (_, layer) => {
      const names = join === 1 ? inputs : numbered(Math.ceil(inputs.length / join ** (layer + 1)));
      return { join, rows: directions.map((direction) => ({ layer, direction, names, traced: null })) };
    }),
    gives,
    shortened: join === 1,
    equations,
    states: compiled.ok ? compiled.program.states.map(({ name }) => name) : [],
    parameters: parameterUses(equations),
  };
}
