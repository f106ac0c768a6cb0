import type { OnnxCell } from '../cells/export/onnx-cell.ts';
import { isAccelerated, onnxCell } from '../cells/registry.ts';
import { type AcceleratedCell, type CellDescription, outputWidth } from '../shapes/value-type.ts';
import type { OnnxGraph, OnnxNode, OnnxTime, OnnxValue } from './onnx.ts';
import type { OnnxAttribute } from './onnx-data.ts';
import { cellWeights } from './onnx-gates.ts';
import { joined } from './onnx-matrix.ts';
import type { OnnxRun, OnnxRunOutput } from './onnx-run.ts';
import { runScan } from './onnx-scan.ts';
import type { OutputMode } from './wrapper-output.ts';

/** Runs the wired cell over a sequence: with the operator that is this cell, or by its equations. */
export function runOperator(node: OnnxNode<unknown>, graph: OnnxGraph, run: OnnxRun): OnnxRunOutput {
  const { cell } = node;
  if (cell === null) throw new Error(`${node.name}: no cell is wired`);
  const operator = onnxCell(cell);
  return operator === null || !isAccelerated(cell) ? runScan(node, cell, graph, run) : runStock(node, cell, operator, graph, run);
}

/** One RNN, GRU or LSTM operator. */
function runStock(node: OnnxNode<unknown>, cell: AcceleratedCell, onnx: OnnxCell, graph: OnnxGraph, run: OnnxRun): OnnxRunOutput {
  const suffixes = run.direction === 'bidirectional' ? [run.layer, `${run.layer}_reverse`] : [run.layer];
  const weights = suffixes.map((suffix) => cellWeights(node, cell, onnx, suffix, run.initial !== null));
  const directions = weights.length;
  const [first] = weights;
  if (first === undefined) throw new Error(`${node.name}: no direction`);
  const { hidden } = first;
  const rows = onnx.gates.length * hidden;
  const name = (part: string): string => `${run.name}.${part}`;
  const put = (part: string, shape: readonly number[], all: readonly Float32Array[]): string =>
    graph.weight(name(part), [directions, ...shape], joined(all));
  const inputs = [
    run.input,
    put(
      'W',
      [rows, first.W.length / rows],
      weights.map(({ W }) => W),
    ),
    put(
      'R',
      [rows, hidden],
      weights.map(({ R }) => R),
    ),
    put(
      'B',
      [2 * rows],
      weights.map(({ B }) => B),
    ),
    graph.lengths32(run.time),
  ];
  const initial = run.initial === null ? [] : initialStates(graph, cell, run, run.initial, hidden);
  const peepholes = weights.flatMap(({ P }) => (P === null ? [] : [P]));
  if (peepholes.length > 0) {
    inputs.push(initial[0] ?? '', initial[1] ?? '', put('P', [onnx.peepholes.length * hidden], peepholes));
  } else inputs.push(...initial);
  const parts = onnx.op === 'LSTM' ? ['h', 'c'] : ['h'];
  const raw = (what: string, wanted: boolean): string => (wanted ? `${run.name}/${what}` : '');
  const outputs = [raw('steps', run.want.sequence), ...parts.map((part) => raw(`final_${part}`, run.want.final))];
  while (outputs.at(-1) === '') outputs.pop();
  graph.nodes(onnx.op, `${run.name}/${onnx.op}`, inputs, outputs, {
    ...onnx.attributes,
    ...activationAttributes(onnx.activations, directions),
    direction: { string: run.direction },
    hidden_size: { int: hidden },
  });
  const [sequence = '', ...final] = outputs;
  return projected(
    graph,
    run,
    weights.map((one) => one.projection),
    { sequence, final },
    cell,
    hidden,
  );
}

function activationAttributes(activations: OnnxCell['activations'], directions: number): Record<string, OnnxAttribute> {
  if (activations === undefined) return {};
  const each = <T>(values: readonly T[]): readonly T[] => Array.from({ length: directions }, () => values).flat();
  return {
    activations: { strings: each(activations.names) },
    ...(activations.alpha.length > 0 ? { activation_alpha: { floats: each(activations.alpha) } } : {}),
    ...(activations.beta.length > 0 ? { activation_beta: { floats: each(activations.beta) } } : {}),
  };
}

/** A projected cell's initial h goes to the units beside its own, and its c is widened with zeros. */
function initialStates(
  graph: OnnxGraph,
  cell: CellDescription,
  { name }: OnnxRun,
  given: readonly string[],
  hidden: number,
): readonly string[] {
  if (hidden === cell.hidden) return given;
  const [h = '', c = ''] = given;
  const pad = (part: string, value: string, before: number, after: number): string => {
    const amounts = graph.integers(`${name}/${part}_margins`, [0, 0, before, 0, 0, after]);
    return graph.node('Pad', `${name}/${part}`, [value, amounts]);
  };
  return [pad('initial_h', h, cell.hidden, 0), pad('initial_c', c, 0, hidden - cell.hidden)];
}

/** h = m W_hrᵀ where the cell projects. */
function projected(
  graph: OnnxGraph,
  { name }: OnnxRun,
  matrices: readonly (Float32Array | null)[],
  { sequence, final }: OnnxRunOutput,
  cell: CellDescription,
  hidden: number,
): OnnxRunOutput {
  const present = matrices.filter((matrix) => matrix !== null);
  if (present.length === 0) return { sequence, final };
  const matrix = graph.weight(`${name}.W_hr_t`, [present.length, hidden, outputWidth(cell)], joined(present));
  const [h, c] = final;
  const own = (value: string): string => {
    if (hidden === cell.hidden) return value;
    const [from, to, axis] = (['from', 'to', 'axis'] as const).map((what, i) =>
      graph.integers(`${name}/c_${what}`, [[0, cell.hidden, 2][i] ?? 0]),
    );
    return graph.node('Slice', `${name}/c`, [value, from ?? '', to ?? '', axis ?? '']);
  };
  return {
    sequence: sequence === '' ? '' : graph.node('MatMul', `${name}/projected_steps`, [sequence, matrix]),
    final: h === undefined || c === undefined ? [] : [graph.node('MatMul', `${name}/projected_h`, [h, matrix]), own(c)],
  };
}

/** Mean or maximum over real steps, or every step: `[time, batch, F]` → what the wrapper's output port carries. */
export function outputOverSteps(
  graph: OnnxGraph,
  name: string,
  mode: Exclude<OutputMode, 'last'>,
  sequence: string,
  time: OnnxTime,
): OnnxValue {
  if (mode === 'every-step') return { type: 'sequence', name: sequence, time };
  const real = graph.realSteps(time, sequence);
  const fill = (value: number): string =>
    graph.node('Where', `${name}/real_steps_only`, [real, sequence, graph.weight(`${name}/filler`, [], Float32Array.of(value))]);
  if (mode === 'max') {
    const options = { axes: { ints: [0] }, keepdims: { int: 0 } };
    return { type: 'vector', name: graph.node('ReduceMax', name, [fill(Number.NEGATIVE_INFINITY)], options) };
  }
  const axis = graph.integers(`${name}/time_axis`, [0]);
  const sum = graph.node('ReduceSum', `${name}/sum`, [fill(0), axis], { keepdims: { int: 0 } });
  const count = graph.node('Cast', `${name}/count`, [time.lengths], { to: { int: 1 } });
  const column = graph.node('Unsqueeze', `${name}/count_column`, [count, graph.integers(`${name}/last_axis`, [1])]);
  return { type: 'vector', name: graph.node('Div', name, [sum, column]) };
}
