import { isFunctionName, languageLimits, roleOf } from '../language/tree.ts';
import {
  type CellGraph,
  type CellNode,
  type CellWire,
  type GraphLine,
  inputId,
  labelOf,
  nameOfLabel,
  type OperationNode,
  outputId,
  wireOf,
} from './cell-graph.ts';
import { namesOf } from './template.ts';

/** What an edit of a cell's graph came to: another graph, or why not. */
export type Edited =
  | { readonly ok: true; readonly graph: CellGraph /** Node to show. */; readonly node: string | null }
  | { readonly ok: false; readonly message: string; readonly fix: string };

export const refused = (message: string, fix: string): Edited => ({ ok: false, message, fix });

export const nodeOf = (graph: CellGraph, id: string): CellNode | undefined => graph.nodes.find((node) => node.id === id);
export const operationOf = (graph: CellGraph, id: string): OperationNode | undefined => {
  const node = nodeOf(graph, id);
  return node?.kind === 'operation' ? node : undefined;
};

export const withNode = (graph: CellGraph, node: OperationNode): CellGraph => ({
  ...graph,
  nodes: graph.nodes.map((one) => (one.id === node.id ? node : one)),
});

/** What a wire from a node is called in the text: `f`, `h'`, `x`; `null` for a part of a line. */
export const calledOf = (node: CellNode): string | null => (node.kind === 'input' ? node.name : node.label);

/** The nodes of a line's value: its own, and the parts of it. */
export function partsOfValue(graph: CellGraph, id: string): readonly string[] {
  const parts = graph.wires.filter(({ to, from }) => to === id && operationOf(graph, from)?.label === null);
  return [id, ...parts.flatMap(({ from }) => partsOfValue(graph, from))];
}

/** The node of the line that a part is of. */
export function rootOf(graph: CellGraph, id: string): string {
  if (operationOf(graph, id)?.label !== null) return id;
  const reader = graph.wires.find(({ from }) => from === id);
  return reader === undefined ? id : rootOf(graph, reader.to);
}

/** Names that the text has: of values, states and what is learned. */
export function namesIn(graph: CellGraph): ReadonlySet<string> {
  const labels = graph.nodes.flatMap((node) => {
    const called = calledOf(node);
    return called === null ? [] : [nameOfLabel(called).name];
  });
  return new Set([...labels, ...learnedIn(graph)]);
}

export const learnedIn = ({ nodes }: Pick<CellGraph, 'nodes'>): ReadonlySet<string> =>
  new Set(nodes.flatMap((node) => (node.kind === 'operation' ? namesOf(node.template) : [])));

/** A name that nothing has yet, of the letters in the order given, then with a number. */
export function freshName(graph: CellGraph, wanted: readonly string[], stem = wanted[0] ?? 'a'): string {
  const taken = namesIn(graph);
  const free = wanted.find((name) => !taken.has(name));
  if (free !== undefined) return free;
  for (let n = 2; ; n++) if (!taken.has(`${stem}${n}`)) return `${stem}${n}`;
}

/** A name's text as a label of a value, or why it cannot be one. */
export function checkName(graph: CellGraph, text: string): string | { readonly message: string; readonly fix: string } {
  const name = text.trim().replace(/'$/, '');
  if (!/^[a-z][A-Za-z0-9_]*$/.test(name))
    return {
      message: `${text.trim() || 'nothing'} is no name of a value`,
      fix: 'Begin with a small letter; letters, digits and _ follow.',
    };
  if (name.length > languageLimits.name)
    return { message: `the name is longer than ${languageLimits.name} characters`, fix: 'Use a shorter one.' };
  if (roleOf(name) !== 'value')
    return { message: `${name} would be learned: b_, p_ and k_ begin names of what is learned`, fix: 'Choose another name.' };
  if (name === 'x' || name === 'out' || isFunctionName(name))
    return { message: `${name} has a meaning of its own`, fix: 'Choose another name.' };
  return namesIn(graph).has(name) ? { message: `${name} is there already`, fix: 'Choose another name.' } : name;
}

/** Gives a value, a state or a part of a line another name; a part becomes a line of its own by it. */
export function rename(graph: CellGraph, id: string, text: string): Edited {
  const node = nodeOf(graph, id);
  if (node === undefined || (node.kind === 'input' && node.name === 'x'))
    return refused("x is the step's input", 'Its name stays.');
  const called = calledOf(node);
  const old = called === null ? null : nameOfLabel(called).name;
  if (old === text.trim().replace(/'$/, '')) return { ok: true, graph, node: id };
  const name = checkName(graph, text);
  if (typeof name !== 'string') return { ok: false, ...name };
  if (old === null) return named(graph, id, name);
  return { ok: true, graph: renamed(graph, old, name), node: renamedId(id, old, name) };
}

const renamedId = (id: string, old: string, name: string): string =>
  id.replace(/^(in:|out:)?([A-Za-z0-9_]+)(?=$|['/@])/, (whole, side: string | undefined, found: string) =>
    found === old ? `${side ?? ''}${name}` : whole,
  );

function renamed(graph: CellGraph, old: string, name: string): CellGraph {
  const label = (text: string): string => {
    const { name: found, next } = nameOfLabel(text);
    return found === old ? labelOf({ name, next }) : text;
  };
  const id = (one: string): string => renamedId(one, old, name);
  const nodes = graph.nodes.map((node): CellNode => {
    if (node.kind === 'input') return { ...node, id: id(node.id), name: label(node.name) };
    if (node.kind === 'output') return { ...node, id: id(node.id), label: label(node.label) };
    return { ...node, id: id(node.id), label: node.label === null ? null : label(node.label) };
  });
  const lines = graph.lines.map((line): GraphLine => {
    const { content } = line;
    if (content.kind === 'value') return { ...line, content: { ...content, node: id(content.node) } };
    if (content.kind !== 'stated' || content.statement.name !== old) return line;
    return { ...line, content: { ...content, statement: { ...content.statement, name } } };
  });
  return { lines, nodes, wires: graph.wires.map(({ from, to, slot }) => wireOf(id(from), id(to), slot)) };
}

/** Makes a part of a line a line of its own, right before the one that it was a part of. */
export function named(graph: CellGraph, id: string, name: string): Edited {
  const node = operationOf(graph, id);
  if (node === undefined) return refused('only what is computed has a name', 'Choose an operation.');
  const root = rootOf(graph, id);
  const place = graph.lines.findIndex(({ content }) => content.kind === 'value' && content.node === root);
  const line: GraphLine = { text: null, read: null, comment: null, content: { kind: 'value', node: id } };
  return {
    ok: true,
    graph: {
      ...withNode(graph, { ...node, label: name }),
      lines: [...graph.lines.slice(0, place), line, ...graph.lines.slice(place)],
    },
    node: name,
  };
}

/** The wires that end at a node, in the order of its slots. */
export const wiresInto = ({ wires }: CellGraph, id: string): readonly CellWire[] =>
  wires.filter(({ to }) => to === id).toSorted((a, b) => a.slot - b.slot);

/**
 * Lines in an order in which each value is given before it is read, as near as can be to the one that they have.
 *
 * @returns the value that would be made from itself, where there is no such order
 */
export function ordered(graph: CellGraph): { readonly graph: CellGraph } | { readonly circle: string } {
  const lineOf = new Map(graph.lines.flatMap((line) => (line.content.kind === 'value' ? [[line.content.node, line]] : [])));
  const reads = (id: string): readonly string[] =>
    partsOfValue(graph, id).flatMap((part) => wiresInto(graph, part).flatMap(({ from }) => (lineOf.has(from) ? [from] : [])));
  const lines: GraphLine[] = [];
  const done = new Set<GraphLine>();
  const open = new Set<GraphLine>();
  let circle: string | null = null;
  const place = (line: GraphLine): void => {
    if (done.has(line)) return;
    if (open.has(line)) {
      circle ??= line.content.kind === 'value' ? line.content.node : '';
      return;
    }
    open.add(line);
    if (line.content.kind === 'value') {
      for (const id of reads(line.content.node)) {
        const before = lineOf.get(id);
        if (before !== undefined) place(before);
      }
    }
    done.add(line);
    lines.push(line);
  };
  for (const line of graph.lines) place(line);
  return circle === null ? { graph: { ...graph, lines } } : { circle };
}

/** A line more, after the last of the values. */
export function withLine(graph: CellGraph, line: GraphLine): CellGraph {
  const last = graph.lines.findLastIndex(({ content }) => content.kind === 'value');
  const place = last < 0 ? graph.lines.length : last + 1;
  const only = graph.lines.length === 1 && graph.lines[0]?.text === '';
  return { ...graph, lines: only ? [line] : [...graph.lines.slice(0, place), line, ...graph.lines.slice(place)] };
}

/** What of a state is in a graph: its previous value, its line and its next value. */
export const stateIds = (name: string): readonly string[] => [inputId(name), `${name}'`, outputId(`${name}'`)];
