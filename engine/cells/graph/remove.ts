import { type CellGraph, type GraphLine, nameOfLabel } from './cell-graph.ts';
import { type Edited, learnedIn, nodeOf, operationOf, partsOfValue, refused, stateIds, wiresInto, withNode } from './edit.ts';
import { replaced, slotsOf, without } from './template.ts';

/**
 * Without some nodes and wires. What read them goes on without them: a sum loses a term, a product a factor; what nothing is left of goes
 * too, with the `width` and `start` lines of what is gone.
 */
export function removeItems(graph: CellGraph, ids: ReadonlySet<string>): Edited {
  if (ids.has('in:x')) return refused("x is the step's input and stays", 'Remove the wires that leave it.');
  let next = graph;
  for (const id of ids) {
    const wire = next.wires.find((one) => one.id === id);
    if (wire !== undefined) {
      if (nodeOf(next, wire.to)?.kind === 'output')
        return refused(`${wire.from} is what the step gives`, 'Draw another wire to it, or remove the state.');
      next = withoutWire(next, wire.to, wire.slot);
    } else if (nodeOf(next, id) !== undefined) next = withoutNode(next, id);
  }
  if (!next.nodes.some(({ kind, id }) => kind === 'output' && id !== 'out:out'))
    return refused('a cell has at least one state', "Write another line for a state's next value first, s' = ….");
  return { ok: true, graph: withoutStale(graph, next), node: null };
}

function withoutNode(graph: CellGraph, id: string): CellGraph {
  const node = nodeOf(graph, id);
  if (node === undefined) return graph;
  if (node.kind === 'operation' && node.label === null) return node.gate ? withoutReader(graph, id) : passedThrough(graph, id);
  const { name, next } = nameOfLabel(node.kind === 'input' ? `${node.name}'` : (node.label ?? ''));
  const gone = next ? stateIds(name) : node.kind === 'output' ? [node.label, node.id] : [node.id, `out:${node.id}`];
  return gone.reduce(withoutValue, graph);
}

/** Without a value, its line and its parts; what reads it reads it no more. */
function withoutValue(graph: CellGraph, id: string): CellGraph {
  if (nodeOf(graph, id) === undefined) return graph;
  const parts = new Set(operationOf(graph, id) ? partsOfValue(graph, id) : [id]);
  const readers = graph.wires.filter(({ from, to }) => from === id && !parts.has(to));
  const rest: CellGraph = {
    lines: graph.lines.filter(({ content }) => content.kind !== 'value' || content.node !== id),
    nodes: graph.nodes.filter((node) => !parts.has(node.id)),
    wires: graph.wires.filter(({ to }) => !parts.has(to)),
  };
  return readers.reduce((next, { to, slot }) => withoutWire(next, to, slot), rest);
}

/** A part of a line gives way to the first value that it is made from. */
function passedThrough(graph: CellGraph, id: string): CellGraph {
  const node = operationOf(graph, id);
  const [first, ...others] = node ? slotsOf(node.template) : [];
  if (node === undefined || first === undefined) return graph;
  const template = { kind: 'slot', slot: first } as const;
  const alone = others.reduce((next, slot) => withoutSource(next, id, slot), graph);
  return withNode(alone, { ...node, template });
}

/** What reads a part of a line does so no more. */
function withoutReader(graph: CellGraph, id: string): CellGraph {
  const reader = graph.wires.find(({ from }) => from === id);
  return reader === undefined ? graph : withoutWire(graph, reader.to, reader.slot);
}

/** Takes away the wire into a slot, and what only that wire read. */
export function withoutSource(graph: CellGraph, to: string, slot: number): CellGraph {
  const wire = graph.wires.find((one) => one.to === to && one.slot === slot);
  if (wire === undefined) return graph;
  const source = operationOf(graph, wire.from);
  const gone = new Set(source?.label === null ? partsOfValue(graph, wire.from) : []);
  return {
    ...graph,
    nodes: graph.nodes.filter(({ id }) => !gone.has(id)),
    wires: graph.wires.filter((one) => one !== wire && !gone.has(one.to)),
  };
}

function withoutWire(graph: CellGraph, to: string, slot: number): CellGraph {
  const node = operationOf(graph, to);
  if (node === undefined) return { ...graph, wires: graph.wires.filter((one) => one.to !== to || one.slot !== slot) };
  const template = without(node.template, slot);
  const rest = withoutSource(graph, to, slot);
  if (template === null) return node.label === null ? withoutReader(rest, to) : withoutNode(rest, to);
  const reader = rest.wires.find(({ from }) => from === to);
  if (node.label !== null || slotsOf(template).length > 0 || reader === undefined) return withNode(rest, { ...node, template });
  // Only numbers and what is learned are left: they stand in what reads them.
  const around = operationOf(rest, reader.to);
  if (around === undefined) return rest;
  const inside = withNode(rest, { ...around, template: replaced(around.template, reader.slot, template) });
  return { ...inside, nodes: inside.nodes.filter(({ id }) => id !== to), wires: inside.wires.filter((one) => one !== reader) };
}

/** Without lines about names that were there before and are there no more. */
export function withoutStale(before: CellGraph, after: CellGraph): CellGraph {
  const learned = learnedIn(after);
  const gone = new Set([...learnedIn(before)].filter((name) => !learned.has(name)));
  const values = (graph: CellGraph): ReadonlySet<string> =>
    new Set(
      graph.nodes.flatMap((node) => (node.kind === 'operation' && node.label !== null ? [nameOfLabel(node.label).name] : [])),
    );
  const left = values(after);
  for (const name of values(before)) if (!left.has(name)) gone.add(name);
  const stale = ({ content }: GraphLine): boolean => content.kind === 'stated' && gone.has(content.statement.name);
  return { ...after, lines: after.lines.filter((line) => !stale(line)) };
}

/** Without what an operation is made from, so that it can be given something else. */
export const emptied = (graph: CellGraph, id: string): CellGraph =>
  wiresInto(graph, id).reduce((next, { slot }) => withoutSource(next, id, slot), graph);
