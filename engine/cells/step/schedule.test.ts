import { expect, it } from 'vitest';
import { Random } from '../../random.ts';
import { cellProgram } from '../cell-program.ts';
import { randomCell } from '../random-cell.test-support.ts';
import { inputsOf, type NodeId, type StepGraph } from './graph.ts';
import type { Instruction } from './schedule.ts';

function readBy(graph: StepGraph, one: Instruction): readonly NodeId[] {
  switch (one.kind) {
    case 'node':
      return inputsOf(graph.node(one.id));
    case 'products':
      return [one.of, ...(one.added ?? [])];
    case 'outers':
      return [...one.lefts, one.right];
  }
}

/** Runs the instructions in name only: what one of them reads must be there. */
function run(graph: StepGraph, known: Set<NodeId>, instructions: readonly Instruction[]): void {
  for (const one of instructions) {
    for (const id of readBy(graph, one)) expect(known, `${one.kind} reads ${id}`).toContain(id);
    for (const id of one.kind === 'node' ? [one.id] : one.results) known.add(id);
  }
}

/** Two matrices multiply one thing that is learned, and the gradient of the first is a sum that is known late. */
const sumOfSums = "a = W b_c\nh' = tanh(V b_c + h * (Q a)) * a";

const cells: readonly (readonly [string, string])[] = [
  ['sums of what all rows share', sumOfSums],
  ...Array.from({ length: 200 }, (_, index) => [`seed ${900 + index}`, randomCell(new Random(900 + index, 'parity'))] as const),
];

it.each(cells)('computes nothing before what it is made from: %s', (_name, text) => {
  const { graph, given, forward, backward, saved, savedStates } = cellProgram(text, 4).schedule;
  const all = new Set<NodeId>([given.input]);
  run(graph, all, forward.once);
  run(graph, all, forward.inputs);
  run(graph, new Set([...all, ...given.states]), forward.step);
  const known = new Set<NodeId>([given.input, ...saved, ...given.states.filter((_, part) => savedStates.includes(part))]);
  run(graph, known, backward.once);
  run(graph, known, backward.slopes);
  run(graph, new Set([...known, ...given.gradients]), backward.step);
  for (const id of [...backward.kept, ...given.gradients.filter((_, part) => backward.keptStates.includes(part))]) known.add(id);
  run(graph, known, backward.rest);
  run(graph, known, backward.sums);
});
