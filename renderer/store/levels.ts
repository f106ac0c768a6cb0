import { nodeOf } from '../../engine/document/node-of.ts';
import { blockOutputs, borderPort, definitionOf } from '../../engine/document/placed-blocks.ts';
import type { BlockDefinition, UnrollDocument } from '../../engine/document/schema.ts';
import { editInside, insideOf } from '../../engine/graph/blocks/inside.ts';
import type { Refused } from '../../engine/graph/blocks/names.ts';
import { viewInside } from '../../engine/graph/blocks/view-inside.ts';
import { type InferredShapes, inferShapes, portKey } from '../../engine/graph/infer-shapes.ts';
import type { Finding } from '../../engine/lint/finding.ts';
import type { ValueType } from '../../engine/shapes/value-type.ts';
import type { Meaning } from './meaning.ts';

/** The placed blocks that were entered to see what is shown, outermost first; none of them: the document itself. */
export type Level = readonly string[];

export const levelKey = (level: Level): string => level.join('/');

type Graph = Pick<UnrollDocument, 'nodes' | 'edges' | 'comments' | 'frames'>;

/** The blocks along a level; shorter than it where a block is not there any more. */
export function blocksAlong(whole: UnrollDocument, level: Level): readonly BlockDefinition[] {
  const along: BlockDefinition[] = [];
  let graph: Graph = whole;
  for (const id of level) {
    const node = nodeOf(graph, id);
    const block = node && definitionOf(whole, node);
    if (!block) break;
    along.push(block);
    graph = block;
  }
  return along;
}

/** The level as far as its blocks are there. */
export const standing = (whole: UnrollDocument, level: Level): Level => level.slice(0, blocksAlong(whole, level).length);

/** What a level shows: the document with the graph inside the block in place of its own. */
export function graphAt(whole: UnrollDocument, level: Level): UnrollDocument {
  const block = blocksAlong(whole, level).at(-1);
  return block === undefined ? whole : insideOf(whole, block);
}

/** The whole document after an edit of what a level shows. */
export function editedAt(
  whole: UnrollDocument,
  level: Level,
  shown: UnrollDocument,
  change: (shown: UnrollDocument) => UnrollDocument,
): UnrollDocument | Refused {
  const block = blocksAlong(whole, level).at(-1);
  if (block === undefined) return change(whole);
  const edited = editInside(whole, block.id, (view) => {
    const after = change(shown);
    if (after === shown) return view;
    // What arrives at its ports is known of a view, and no part of the document.
    const { arriving: _arriving, ...document } = { arriving: undefined, ...after };
    return document;
  });
  return edited.ok ? edited.document : edited;
}

const sameGraph = (a: Graph, b: Graph): boolean =>
  a.nodes === b.nodes && a.edges === b.edges && a.comments === b.comments && a.frames === b.frames;

/** Where the difference between two states is seen: at the level that is shown if it is there, else in the document or a block that differs. */
export function changedLevel(before: UnrollDocument, after: UnrollDocument, level: Level): Level {
  const there = standing(after, level);
  const shown = blocksAlong(after, there).at(-1) ?? after;
  const was = blocksAlong(before, there).at(-1) ?? before;
  if (!sameGraph(shown, was)) return there;
  if (!sameGraph(before, after)) return [];
  const old = new Map(before.blocks.map((block) => [block.id, block]));
  const changed = after.blocks.filter((block) => {
    const was = old.get(block.id);
    return was !== undefined && !sameGraph(block, was);
  });
  const [first] = changed.map((block) => levelOf(after, block.id)).filter((found) => found !== null);
  return first ?? there;
}

/** The nearest place where a definition is placed; `null` where it is not. */
function levelOf(whole: UnrollDocument, definition: string): Level | null {
  const open: { readonly level: Level; readonly graph: Graph }[] = [{ level: [], graph: whole }];
  const seen = new Set<string>();
  for (const { level, graph } of open) {
    for (const node of graph.nodes) {
      const block = definitionOf(whole, node);
      if (block === undefined || seen.has(block.id)) continue;
      seen.add(block.id);
      const inside = [...level, node.id];
      if (block.id === definition) return inside;
      open.push({ level: inside, graph: block });
    }
  }
  return null;
}

/** What is shown at a level, and what of the whole's meaning is of it, by its own ids. */
export function shownAt(whole: UnrollDocument, level: Level, meaning: Meaning): Meaning & { readonly document: UnrollDocument } {
  const inside = level.length === 0 ? null : viewInside(whole, meaning.inferred, level);
  // A block in a loop of wires has no place in the expanded graph: its inside is shown by itself.
  const document = inside?.view ?? graphAt(whole, level);
  if (level.length === 0) return { ...meaning, document };
  const parameters = new Map(
    document.nodes.map(({ id }) => [id, (inside && meaning.parameters.get(inside.expandedId(id))) ?? null]),
  );
  const { facts, unfit } = meaning;
  return {
    document,
    facts,
    unfit,
    parameters,
    inferred: withOutputs(inferShapes(document, facts), document),
    problems: problemsAt(meaning.problems, level),
  };
}

/** With what arrives at the outputs of the block that is looked at. */
function withOutputs(inferred: InferredShapes, { nodes, edges }: UnrollDocument): InferredShapes {
  const outputs = blockOutputs({ nodes }).map(({ id }): [string, { readonly [port: string]: readonly ValueType[] }] => {
    const found = edges
      .filter(({ to }) => to.node === id)
      .flatMap(({ from }) => inferred.outputs.get(portKey(from.node, from.port)) ?? []);
    return [id, { [borderPort]: found }];
  });
  return { ...inferred, inputs: new Map([...inferred.inputs, ...outputs]) };
}

/** Problems inside a level that was entered, each on what it is on there: a node, or the block that it is in. */
function problemsAt(problems: readonly Finding[], level: Level): readonly Finding[] {
  return problems.flatMap((problem) => {
    const { inside } = problem;
    if (inside === undefined || !level.every((id, i) => inside.path[i] === id)) return [];
    const deeper = inside.path[level.length];
    return [{ ...problem, node: deeper ?? inside.node, edge: deeper === undefined ? inside.edge : null }];
  });
}
