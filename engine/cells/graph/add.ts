import {
  type CellGraph,
  type CellNode,
  type CellWire,
  type GraphLine,
  inputId,
  outputId,
  type Template,
  wireOf,
} from './cell-graph.ts';
import { between, functions } from './change.ts';
import { type Edited, freshName, namesIn, nodeOf, operationOf, refused, withLine } from './edit.ts';
import { slotsOf } from './template.ts';

const slot = (number: number): Template => ({ kind: 'slot', slot: number });

/** `sigmoid(W_f x + U_f h + b_f)` of the input and the first state, as a line of its own. */
export function addGate(graph: CellGraph): Edited {
  const name = freeEnding(graph, [...'fiogrzunkqadesvwy'], ['', 'W_', 'U_', 'b_']);
  const state = graph.nodes.find((node) => node.kind === 'input' && node.name !== 'x');
  return addValue(graph, name, gateOf(name, 'sigmoid', state !== undefined), ['in:x', ...(state ? [state.id] : [])]);
}

/** A state more, of the input and itself. */
export function addState(graph: CellGraph): Edited {
  const name = freeEnding(graph, [...'hcsmqvwy'], ['', 'W_', 'U_', 'b_']);
  const nodes: CellNode[] = [...graph.nodes, { kind: 'input', id: inputId(name), name }];
  const added = addValue({ ...graph, nodes }, `${name}'`, gateOf(name, 'tanh', true), ['in:x', inputId(name)]);
  if (!added.ok) return added;
  const output: CellNode = { kind: 'output', id: outputId(`${name}'`), label: `${name}'` };
  return {
    ...added,
    graph: {
      ...added.graph,
      nodes: [...added.graph.nodes, output],
      wires: [...added.graph.wires, wireOf(`${name}'`, output.id, 0)],
    },
  };
}

const freeEnding = (graph: CellGraph, letters: readonly string[], before: readonly string[]): string => {
  const taken = namesIn(graph);
  const free = (letter: string): boolean => before.every((prefix) => !taken.has(prefix + letter));
  const found = letters.find(free);
  if (found !== undefined) return found;
  for (let n = 2; ; n++) if (free(`${letters[0]}${n}`)) return `${letters[0]}${n}`;
};

function gateOf(name: string, around: string, state: boolean): Template {
  const learned: Template = { kind: 'name', name: `b_${name}`, next: false, column: 0 };
  const product = (matrix: string, number: number): Template => ({ kind: 'product', matrix, of: slot(number) });
  const terms = [product(`W_${name}`, 0), ...(state ? [product(`U_${name}`, 1)] : []), learned];
  const sum = terms.reduce((left, right) => ({ kind: 'binary', operator: '+', left, right }));
  return { kind: 'call', function: around, arguments: [sum] };
}

/** A line of its own for a value. */
function addValue(graph: CellGraph, label: string, template: Template, sources: readonly string[]): Edited {
  const line: GraphLine = { text: null, read: null, comment: null, content: { kind: 'value', node: label } };
  const node: CellNode = { kind: 'operation', id: label, label, template, gate: true, expression: null };
  const wires = sources.map((from, number) => wireOf(from, label, number));
  const next = withLine({ ...graph, nodes: [...graph.nodes, node], wires: [...graph.wires, ...wires] }, line);
  return { ok: true, graph: next, node: label };
}

/**
 * A function or an operation: into the wire that is chosen, otherwise a line of its own for the values that are.
 *
 * @param name a function of one value, or `+ - * / min max`
 */
export function addOperation(graph: CellGraph, name: string, chosen: readonly string[]): Edited {
  const one = functions.includes(name);
  const state = graph.nodes.find((node) => node.kind === 'input' && node.name !== 'x')?.id ?? 'in:x';
  const wire = graph.wires.find(({ id }) => chosen.includes(id));
  if (wire !== undefined) return insert(graph, wire, one ? applied(name) : between(name, slot(0), slot(1)), state);
  const values = chosen.filter((id) => {
    const node = nodeOf(graph, id);
    return node?.kind === 'input' || (node?.kind === 'operation' && node.label !== null);
  });
  const label = freshName(graph, [...'adeqrsuvwyz']);
  const [first = state, second = first === state ? (lastValue(graph) ?? state) : state] = values;
  return one
    ? addValue(graph, label, applied(name), [first])
    : addValue(graph, label, between(name, slot(0), slot(1)), [first, second]);
}

const applied = (name: string): Template => ({ kind: 'call', function: name, arguments: [slot(0)] });

const lastValue = ({ nodes }: CellGraph): string | undefined =>
  nodes.findLast((node) => node.kind === 'operation' && node.label !== null && !node.label.endsWith("'"))?.id;

/** Puts an operation between what a wire comes from and what reads it. */
function insert(graph: CellGraph, wire: CellWire, template: Template, other: string): Edited {
  const reader = operationOf(graph, wire.to);
  const source = nodeOf(graph, wire.from);
  if (reader === undefined) {
    // Before what the step gives: around the whole of its line.
    const node = operationOf(graph, wire.from);
    if (node === undefined) return refused('nothing can be put into this wire', 'Choose another one.');
    const inner: CellNode = { ...node, id: `${node.id}/new`, label: null };
    const wires = graph.wires.map((one) => (one.to === node.id ? wireOf(one.from, inner.id, one.slot) : one));
    return placed({ ...graph, nodes: [...graph.nodes, inner], wires }, { ...node, template }, [inner.id, other]);
  }
  if (source === undefined) return refused('nothing can be put into this wire', 'Choose another one.');
  const id = `${wire.to}/new`;
  const node: CellNode = { kind: 'operation', id, label: null, template, gate: false, expression: null };
  const wires = graph.wires.map((one) => (one === wire ? wireOf(id, one.to, one.slot) : one));
  return placed({ ...graph, nodes: [...graph.nodes, node], wires }, node, [wire.from, other]);
}

function placed(graph: CellGraph, node: Extract<CellNode, { kind: 'operation' }>, sources: readonly string[]): Edited {
  const nodes = graph.nodes.map((one) => (one.id === node.id ? node : one));
  const wires = slotsOf(node.template).map((number) => wireOf(sources[number] ?? '', node.id, number));
  return { ok: true, graph: { ...graph, nodes, wires: [...graph.wires, ...wires] }, node: null };
}
