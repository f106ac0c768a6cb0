import { arrived, type OnnxGraph, type OnnxNode, type OnnxTime } from './onnx.ts';
import { runOperator } from './onnx-recurrent.ts';
import { addsInputs, type Stack } from './stack.ts';

interface OnnxStackRun {
  readonly stack: Stack;
  readonly direction: 'forward' | 'reverse' | 'bidirectional';
  /** One sequence `[time, batch, F]` out of an operator's `[time, directions, batch, P]`; its last node bears the name. */
  merge(steps: string, name: string): string;
  /** Name of the node that gives the last layer's sequence. */
  readonly output: string;
  readonly want: { readonly sequence: boolean; readonly last: boolean; readonly states: boolean };
}

interface OnnxStackOutput {
  /** Outputs of the last layer `[time, batch, F]`; `''` when they are not wanted. */
  readonly sequence: string;
  /** h of the last layer after its last step, `[directions, batch, P]`; `''` when it is not wanted. */
  readonly last: string;
  /** Each part of all layers' final states, `[layers, batch, …]`; empty when they are not wanted. */
  readonly states: readonly string[];
}

/** The wired cell over the sequence, and again over its outputs (row L10), one operator a layer. Dropout acts in training only. */
export function runOperators(node: OnnxNode<unknown>, graph: OnnxGraph, run: OnnxStackRun): OnnxStackOutput {
  const { stack, want } = run;
  const { name: first, time } = arrived(node, 'sequence', 'sequence');
  const given = node.inputs['initial']?.[0] === undefined ? null : arrived(node, 'initial', 'state').parts;
  const initial = given && eachLayer(node, graph, given, stack.layers);
  const finals: (readonly string[])[] = [];
  let input = first;
  for (let layer = 0; layer < stack.layers; layer++) {
    const top = layer === stack.layers - 1;
    const name = stack.layers === 1 ? node.name : `${node.name}/layer_${layer + 1}`;
    const { sequence, final } = runOperator(node, graph, {
      direction: run.direction,
      layer: `_l${layer}`,
      name,
      input,
      time,
      initial: initial?.[layer] ?? null,
      want: { sequence: !top || want.sequence, final: want.states || (top && want.last) },
    });
    if (final.length > 0) finals.push(final);
    if (sequence === '') break;
    const added = addsInputs(stack) && layer > 0;
    const output = top ? run.output : `${name}/output`;
    const merged = run.merge(sequence, added ? `${name}/merged` : output);
    input = added ? graph.node('Add', output, [merged, input]) : merged;
  }
  return {
    sequence: want.sequence ? input : '',
    last: want.last ? (finals.at(-1)?.[0] ?? '') : '',
    states: want.states ? joinedLayers(node, graph, finals) : [],
  };
}

/** `[layers, batch, …]` of each part → the parts of each layer. */
function eachLayer(
  node: OnnxNode<unknown>,
  graph: OnnxGraph,
  parts: readonly string[],
  layers: number,
): readonly (readonly string[])[] {
  if (layers === 1) return [parts];
  const names = partNames(node);
  const split = parts.map((part, index) => {
    const name = `${node.name}/initial_${names[index]}`;
    const outputs = Array.from({ length: layers }, (_, layer) => `${name}_${layer + 1}`);
    graph.nodes('Split', name, [part], outputs, { axis: { int: 0 } });
    return outputs;
  });
  return Array.from({ length: layers }, (_, layer) => split.map((outputs) => outputs[layer] ?? ''));
}

function joinedLayers(node: OnnxNode<unknown>, graph: OnnxGraph, finals: readonly (readonly string[])[]): readonly string[] {
  const [only = []] = finals;
  if (finals.length <= 1) return only;
  const names = partNames(node);
  return only.map((_, part) => {
    const each = finals.map((final) => final[part] ?? '');
    return graph.node('Concat', `${node.name}/final_${names[part]}`, each, { axis: { int: 0 } });
  });
}

const partNames = ({ cell }: OnnxNode<unknown>): readonly string[] => cell?.states.map(({ name }) => name) ?? [];

/** Each row's last real step, or its first one: `[time, batch, F]` → `[batch, F]`. */
export function stepAtEnd(graph: OnnxGraph, name: string, sequence: string, time: OnnxTime, backward: boolean): string {
  if (backward) return graph.node('Gather', name, [sequence, graph.integer(`${name}/first_step`, 0)], { axis: { int: 0 } });
  const rows = graph.node('Transpose', `${name}/rows`, [sequence], { perm: { ints: [1, 0, 2] } });
  const last = graph.node('Sub', `${name}/last_step`, [time.lengths, graph.integer(`${name}/one`, 1)]);
  const column = graph.node('Unsqueeze', `${name}/last_step_column`, [last, graph.integers(`${name}/column_axis`, [1])]);
  return graph.node('GatherND', name, [rows, column], { batch_dims: { int: 1 } });
}
