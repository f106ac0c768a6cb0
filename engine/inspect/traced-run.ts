import type { CellProgram } from '../cells/cell-program.ts';
import { storedParameters } from '../cells/parameters.ts';
import type { NodeId } from '../cells/step/graph.ts';
import { nodeWidths } from '../cells/step/node-widths.ts';
import { rangesOf } from '../cells/step/ranges.ts';
import { layerSuffix } from '../layers/stack.ts';
import type { TracedRecurrence } from '../protocol/inspect.ts';
import type { CellDescription } from '../shapes/value-type.ts';

type TracedValue = TracedRecurrence['values'][number];

/** The lines of a cell that are traced, in their order, each with its node. */
export function tracedLines(program: CellProgram, inputs: number): readonly (TracedValue & { readonly id: NodeId })[] {
  const range = rangesOf(program.step);
  const widthOf = nodeWidths(program);
  return program.values.flatMap(({ name, next }) => {
    const line = next ? `${name}'` : name;
    const id = program.step.named.get(line);
    if (id === undefined) return [];
    const width = widthOf(id);
    return { id, name: line, role: roleOf(program, id, next), units: width === 'input' ? inputs : width, range: range(id) };
  });
}

/** What a line is to the cell: its squashing function says it, as the papers' words do. */
function roleOf({ step }: CellProgram, id: NodeId, next: boolean): TracedValue['role'] {
  if (next) return 'state';
  switch (step.graph.node(id).op) {
    case 'sigmoid':
    case 'softmax':
      return 'gate';
    case 'tanh':
    case 'relu':
      return 'candidate';
    default:
      return 'value';
  }
}

/** What the equations learn, with the rows of the model's weight that each lies in. */
export const tracedParameters = (
  cell: CellDescription,
  inputs: number,
  layer: number,
  second: boolean,
): TracedRecurrence['parameters'] =>
  storedParameters(cell, inputs).map(({ shape, weight, ...place }) => ({
    ...place,
    shape: [...shape],
    weight: `${weight}${layerSuffix(layer, second)}`,
  }));
