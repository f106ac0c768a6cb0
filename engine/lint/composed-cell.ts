import { cellProgram } from '../cells/cell-program.ts';
import { storedWeights } from '../cells/parameters.ts';
import { type Excess, wayOut, wordsOf } from '../cells/program/limits.ts';
import { registerProgram } from '../cells/program/register-program.ts';
import { beyondShaders } from '../kernels/webgpu/program/plan.ts';
import { ifKnown } from '../layers/ports.ts';
import { findLayer } from '../layers/registry.ts';
import type { ParameterSpec } from '../shapes/parameter.ts';
import type { CellDescription } from '../shapes/value-type.ts';
import { type LintInput, type Rule, warning } from './finding.ts';

/**
 * Cells that are too large to run as one piece where training is set to run: they train with the same numbers, operation by operation. On the
 * JavaScript device every cell does, and the device says so.
 */
export const composedCell: Rule = (input) => {
  const { document, inferred } = input;
  if (document.training.device === 'javascript') return [];
  return document.nodes.flatMap((wrapper) => {
    const [type] = inferred.inputs.get(wrapper.id)?.['cell'] ?? [];
    if (type?.type !== 'cell') return [];
    const { cell } = type;
    const beyond = beyondOf(cell, inputWidths(cell, weightsOf(wrapper, input)), document.training.device === 'webgpu');
    if (beyond === null) return [];
    const wire = document.edges.find(({ to }) => to.node === wrapper.id && to.port === 'cell');
    return [warning(wire?.from.node ?? wrapper.id, messageOf(cell, beyond), fixOf(beyond), null)];
  });
};

interface Beyond {
  readonly excess: Excess;
  /** Whether only WebGPU's shaders are too small for it. */
  readonly onlyShaders: boolean;
}

/** The first width of its layers with which a cell is too large. */
function beyondOf(cell: CellDescription, widths: readonly number[], webgpu: boolean): Beyond | null {
  // Kernels that were written by hand take any size; WebGPU has none.
  if (cell.kernel !== null && !webgpu) return null;
  for (const width of widths) {
    const program = registerProgram(cellProgram(cell.equations, cell.hidden), width);
    const excess = program.beyond ?? (webgpu ? beyondShaders(program, false) : null);
    if (excess !== null) return { excess, onlyShaders: program.beyond === null };
  }
  return null;
}

/** Weights of a wrapper; none while a width is unknown. */
function weightsOf(
  { id, kind }: { readonly id: string; readonly kind: string },
  { facts, inferred }: LintInput,
): readonly ParameterSpec[] {
  const [layer, config, inputs] = [findLayer(kind), inferred.configs.get(id), inferred.inputs.get(id)];
  if (!layer || !config || !inputs) return [];
  if (layer.inputs.some((port) => !port.optional && inputs[port.name]?.length === 0)) return [];
  return ifKnown(() => layer.parameters(config, inputs, facts)) ?? [];
}

/** Widths of what a cell reads in each layer of its wrapper, as a weight tells that multiplies it. */
function inputWidths(cell: CellDescription, weights: readonly ParameterSpec[]): readonly number[] {
  const { parameters } = cellProgram(cell.equations, cell.hidden);
  const reading = parameters.find(({ shape }) => shape.includes('input'));
  const stored = storedWeights(cell).find(({ blocks }) => reading !== undefined && blocks.includes(reading.name));
  if (reading === undefined || stored === undefined) return [];
  const axis = reading.shape.indexOf('input');
  const own = weights.filter(({ name }) => name.startsWith(`${stored.name}_l`));
  return [...new Set(own.flatMap(({ shape }) => shape[axis] ?? []))];
}

function messageOf(cell: CellDescription, { excess, onlyShaders }: Beyond): string {
  const { forward, backward } = cellProgram(cell.equations, cell.hidden).schedule;
  const operations = forward.step.length + backward.step.length;
  const where = onlyShaders ? 'for shaders of its own' : 'for fast kernels';
  return `the cell is too large ${where}: ${wordsOf(excess)}. It trains with the same numbers, but each step takes ${operations} operations one after the other, which is several times slower`;
}

function fixOf({ excess, onlyShaders }: Beyond): string {
  const way = wayOut(excess);
  const device = onlyShaders ? ', or train on native TensorFlow or WebAssembly, whose kernels take it' : '';
  return `${way.slice(0, 1).toUpperCase()}${way.slice(1)}${device}.`;
}
