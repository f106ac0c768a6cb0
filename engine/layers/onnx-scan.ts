import { type CellProgram, cellProgram } from '../cells/cell-program.ts';
import type { KnownWidth } from '../cells/language/widths.ts';
import { inputsOf, type NodeId, phases } from '../cells/step/graph.ts';
import { nodeWidths } from '../cells/step/node-widths.ts';
import type { CellDescription } from '../shapes/value-type.ts';
import type { OnnxGraph, OnnxNode } from './onnx.ts';
import type { OnnxDimension, OnnxValueInfo } from './onnx-data.ts';
import { transposed } from './onnx-matrix.ts';
import type { OnnxRun, OnnxRunOutput } from './onnx-run.ts';
import { StepWriter } from './onnx-step.ts';

/**
 * Runs a cell by its equations: one `Scan` a direction, with the step as its body. What needs only the input is computed for all steps
 * before it. A row's state stays as it is where the row has ended, so that the other direction begins at its last real step.
 */
export function runScan(node: OnnxNode<unknown>, cell: CellDescription, graph: OnnxGraph, run: OnnxRun): OnnxRunOutput {
  const program = cellProgram(cell.equations, cell.hidden);
  const directions = { forward: [false], reverse: [true], bidirectional: [false, true] }[run.direction];
  const initial = initialStates(program, graph, run);
  const found = directions.map((reverse) => {
    const [name, layer] =
      directions.length === 1
        ? ['cell', run.layer]
        : reverse
          ? ['cell_backward', `${run.layer}_reverse`]
          : ['cell_forward', run.layer];
    return scanDirection(node, program, graph, { ...run, layer }, { name: `${run.name}/${name}`, reverse, initial });
  });
  const beside = (name: string, values: readonly string[], axis: number): string => {
    const axes = graph.integers(`${name}/direction_axis`, [axis]);
    const apart = values.map((value, index) => graph.node('Unsqueeze', `${name}/direction_${index + 1}`, [value, axes]));
    return graph.node('Concat', name, apart, { axis: { int: axis } });
  };
  return {
    sequence: run.want.sequence
      ? beside(
          `${run.name}/steps`,
          found.map(({ sequence }) => sequence),
          1,
        )
      : '',
    final: run.want.final
      ? program.states.map((state, part) =>
          beside(
            `${run.name}/final_${state.name}`,
            found.map(({ final }) => final[part] ?? ''),
            0,
          ),
        )
      : [],
  };
}

/** Each part of the state before the first step, `[batch, width]`: zeros where none is given. What has both directions is given none. */
function initialStates({ states }: CellProgram, graph: OnnxGraph, { name, input, initial }: OnnxRun): readonly string[] {
  return states.map((state, part) => {
    const at = `${name}/initial_${state.name}`;
    const given = initial?.[part];
    if (given !== undefined) return graph.node('Squeeze', `${at}/state`, [given, graph.integers(`${at}/direction_axis`, [0])]);
    const rows = graph.node('Shape', `${at}/rows`, [input], { start: { int: 1 }, end: { int: 2 } });
    const ends = [rows, graph.integers(`${at}/width`, [state.width])];
    const shape = graph.node('Concat', `${at}/shape`, ends, { axis: { int: 0 } });
    return graph.node('Expand', `${at}/zeros`, [graph.weight(`${at}/zero`, [], Float32Array.of(0)), shape]);
  });
}

interface DirectionRun {
  readonly name: string;
  readonly reverse: boolean;
  /** Each part of the state `[batch, width]`. */
  readonly initial: readonly string[];
}

/** One direction: outputs of each step `[time, batch, H]`, and each part of the last state `[batch, width]`. */
function scanDirection(
  node: OnnxNode<unknown>,
  program: CellProgram,
  graph: OnnxGraph,
  run: OnnxRun,
  { name, reverse, initial }: DirectionRun,
): OnnxRunOutput {
  const { graph: step, next } = program.step;
  const { states } = program;
  const at = (part: string): string => `${name}/${part}`;
  const learned = (parameter: string) => ({
    label: `${node.name}.${parameter}${run.layer}`,
    tensor: node.tensor(`${parameter}${run.layer}`),
  });
  const writer = new StepWriter(program, {
    prefix: at('step'),
    input: run.input,
    states: states.map((state) => at(`before_${state.name}`)),
    parameter: (parameter) => {
      const { label, tensor } = learned(parameter);
      return graph.weight(label, tensor.shape, Float32Array.from(tensor.data));
    },
    turned: (matrix) => {
      const { label, tensor } = learned(matrix);
      const [rows = 0, columns = 0] = tensor.shape;
      return graph.weight(`${label}_t`, [columns, rows], transposed(tensor.data, rows, columns));
    },
  });
  const outside = readInLoop(program);
  for (const id of outside) writer.write(graph, id);
  const scanned = outside.filter((id) => step.phase(id) === phases.input);
  const read = scanned.map((id) => writer.write(graph, id));
  const widthOf = nodeWidths(program);
  const row = (value: string, width: KnownWidth): OnnxValueInfo => {
    const shape: readonly OnnxDimension[] = ['batch', width === 'input' ? `${name}/input_width` : width];
    return { name: value, type: 'float', shape };
  };
  const sequence = run.want.sequence ? at('steps') : '';
  const final = states.map((state) => at(`last_${state.name}`));
  const body = graph.body(
    at('body'),
    [
      ...states.map((state) => row(at(`before_${state.name}`), state.width)),
      { name: at('is_real'), type: 'bool', shape: ['batch', 1] },
      ...scanned.map((id, index) => row(at(`input_${index + 1}`), widthOf(id))),
    ],
    (inner) => {
      scanned.forEach((id, index) => {
        writer.given(id, at(`input_${index + 1}`));
      });
      const after = states.map((state, part) => {
        const kept = [at('is_real'), writer.write(inner, next[part] ?? 0), at(`before_${state.name}`)];
        return row(inner.node('Where', at(`after_${state.name}`), kept), state.width);
      });
      const [output] = after;
      if (sequence === '' || output === undefined) return after;
      return [...after, { ...output, name: inner.node('Identity', at('output'), [output.name]) }];
    },
  );
  const back = (count: number) => ({ ints: Array.from({ length: count }, () => (reverse ? 1 : 0)) });
  const inputs = [...initial, graph.realSteps(run.time, run.input), ...read];
  graph.nodes('Scan', at('Scan'), inputs, [...final, ...(sequence === '' ? [] : [sequence])], {
    body,
    num_scan_inputs: { int: 1 + read.length },
    scan_input_directions: back(1 + read.length),
    ...(sequence === '' ? {} : { scan_output_directions: back(1) }),
  });
  return { sequence, final };
}

/** What the loop reads and does not change: the learned, and what is made for all steps from the input. */
function readInLoop({ step: { graph, next } }: CellProgram): readonly NodeId[] {
  const found = new Set<NodeId>();
  const visited = new Set<NodeId>();
  const visit = (id: NodeId): void => {
    if (visited.has(id)) return;
    visited.add(id);
    if (graph.phase(id) !== phases.state) found.add(id);
    else for (const input of inputsOf(graph.node(id))) visit(input);
  };
  for (const id of next) visit(id);
  return [...found].sort((a, b) => a - b);
}
