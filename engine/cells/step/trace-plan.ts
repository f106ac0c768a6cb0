import type { CellProgram } from '../cell-program.ts';
import { inputsOf, type NodeId, phases } from './graph.ts';
import { ancestors, type Instruction, instruct } from './schedule.ts';

/** In which order every value of a cell's forward pass is computed for all steps, where some parts of the state are known beforehand. */
export interface TracePlan {
  /** Once. */
  readonly once: readonly Instruction[];
  /** For all steps at once: what needs only the input. */
  readonly inputs: readonly Instruction[];
  /** For all steps at once: what needs only the input and parts of the state that are known. */
  readonly early: readonly Instruction[];
  /** Parts of the state that are not known beforehand. */
  readonly unknown: readonly number[];
  /** Step by step: the rest of what those are made from. */
  readonly loop: readonly Instruction[];
  /** For all steps at once, when every part is known: all that is not computed yet, the loop's values again. */
  readonly late: readonly Instruction[];
}

/** @param known parts of the state that are known before and after each step */
export function planTrace({ schedule, step }: Pick<CellProgram, 'schedule' | 'step'>, known: readonly number[]): TracePlan {
  const { graph, next } = schedule;
  const kept = new Set([...next, ...step.named.values()]);
  const forward = ancestors(graph, [...kept]);
  const unknown = next.map((_, index) => index).filter((index) => !known.includes(index));
  const waits = new Set<NodeId>();
  const inOrder = [...forward].sort((a, b) => a - b);
  for (const id of inOrder) {
    const node = graph.node(id);
    if (node.op === 'state' ? unknown.includes(node.index) : inputsOf(node).some((input) => waits.has(input))) waits.add(id);
  }
  const computed = inOrder.filter((id) => !['state', 'input'].includes(graph.node(id).op));
  const inPhase = (phase: number, waiting: boolean): NodeId[] =>
    computed.filter((id) => graph.phase(id) === phase && waits.has(id) === waiting);
  const looped = ancestors(
    graph,
    unknown.flatMap((index) => next[index] ?? []),
  );
  const late = inPhase(phases.state, true);
  const instructions = (ids: readonly NodeId[]): readonly Instruction[] => instruct(graph, ids, kept);
  return {
    once: instructions(inPhase(phases.parameter, false)),
    inputs: instructions(inPhase(phases.input, false)),
    early: instructions(inPhase(phases.state, false)),
    unknown,
    loop: instructions(late.filter((id) => looped.has(id))),
    late: instructions(late),
  };
}
