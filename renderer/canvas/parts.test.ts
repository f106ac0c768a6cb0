import { beforeEach, describe, expect, it } from 'vitest';
import { emptyDocument, type UnrollDocument } from '../../engine/document/schema.ts';
import { collapse } from '../../engine/graph/blocks/collapse.ts';
import { addNode, connect, insertOnWire } from '../../engine/graph/edit.ts';
import { noFacts } from '../../engine/graph/infer-shapes.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { addBeside, addWired } from './add-layer.ts';
import { useKeptBlocks } from './kept-blocks.ts';
import { blockParts, keptPart, layerPart, layerParts, myBlock, type Part } from './parts.ts';
import { possibleParts } from './port-choices.ts';

const store = useDocumentStore.getState;
const wires = ({ edges }: Pick<UnrollDocument, 'edges'>): string[] =>
  edges.map(({ from, to }) => `${from.node}.${from.port} > ${to.node}.${to.port}`);

/** Tokens → embedding → recurrent with a GRU → head; the wrapper and its cell are the block “Encoder”, the embedding with it “All”. */
function network(): UnrollDocument {
  const kinds = ['token-input', 'embedding', 'gru-cell', 'recurrent', 'dense-softmax'] as const;
  const nodes = kinds.reduce((document, kind, i) => addNode(document, kind, { x: 440 * i, y: 0 }).document, emptyDocument());
  const ends = [
    ['token-input-1', 'tokens', 'embedding-1', 'tokens'],
    ['embedding-1', 'sequence', 'recurrent-1', 'sequence'],
    ['gru-cell-1', 'cell', 'recurrent-1', 'cell'],
    ['recurrent-1', 'output', 'dense-softmax-1', 'input'],
  ] as const;
  const wired = ends.reduce((d, [from, out, to, into]) => connect(d, { node: from, port: out }, { node: to, port: into }), nodes);
  return collapsed(collapsed(wired, ['gru-cell-1', 'recurrent-1'], 'Encoder'), ['embedding-1', 'block-1'], 'All');
}

function collapsed(document: UnrollDocument, ids: readonly string[], name: string): UnrollDocument {
  const made = collapse(document, new Set(ids), name);
  if (!made.ok) throw new Error(made.message);
  return made.document;
}

const part = (title: string, among: readonly Part[] = blockParts(network(), [], [])): Part => {
  const found = among.find((one) => one.title === title);
  if (!found) throw new Error(`there is no part ${title}`);
  return found;
};
function put(one: Part, document: UnrollDocument): { readonly document: UnrollDocument; readonly id: string } {
  const made = one.put(document, { x: 500, y: 300 });
  if (!made.ok) throw new Error(made.message);
  return made;
}
const bare = { facts: noFacts, sizes: new Map<string, never>() };

beforeEach(() => {
  store().load({ document: network(), path: null });
  useKeptBlocks.setState({ blocks: [] });
});

describe('a block is added as a layer is', () => {
  const series = { ...network(), ...addNode({ ...network(), nodes: [], edges: [] }, 'series-input', { x: 0, y: 0 }).document };

  it('wired where one wire is possible, right of what is selected', () => {
    const added = put(part('Encoder'), series);
    const { document, id } = addBeside({ ...bare, ...added }, added.id, ['series-input-1'], false);
    expect(wires(document)).toEqual([`series-input-1.sequence > ${id}.sequence`]);
    expect(document.nodes.find((one) => one.id === id)?.position).toEqual({ x: 178 + 56, y: 0 });
  });

  it('at a port that was drawn from', () => {
    const added = put(part('Encoder'), series);
    const end = { port: { node: 'series-input-1', port: 'sequence' }, direction: 'output' } as const;
    const { document } = addWired({ ...bare, ...added }, { node: added.id, port: 'sequence' }, end, true);
    expect(wires(document)).toEqual([`series-input-1.sequence > ${added.id}.sequence`]);
  });

  it('and into a wire where it fits', () => {
    const ends = [
      { node: 'series-input-1', port: 'sequence' },
      { node: 'dense-1', port: 'input' },
    ] as const;
    const wired = connect(addNode(series, 'dense', { x: 880, y: 0 }).document, ...ends);
    const fitting = put(part('Encoder'), wired);
    const between = insertOnWire(fitting.document, noFacts, 'wire-1', fitting.id);
    expect(between && wires(between)).toEqual([
      `${fitting.id}.output > dense-1.input`,
      `series-input-1.sequence > ${fitting.id}.sequence`,
    ]);
    const other = put(part('All'), wired);
    expect(insertOnWire(other.document, noFacts, 'wire-1', other.id)).toBeNull();
  });
});

describe('offered', () => {
  it('at a port are blocks that fit it, by each of their ports', () => {
    const all = [...layerParts, ...blockParts(network(), [], [])];
    const offered = (node: string, port: string): string[] =>
      possibleParts(all, network(), noFacts, { node, port }, 'output')
        .filter(({ part: { kind } }) => kind === 'block')
        .map((fit) => `${fit.part.title} ${fit.label}`);
    expect(offered('token-input-1', 'tokens')).toEqual(['All tokens']);
  });

  it('inside a block is none that holds it, nor itself', () => {
    const titles = (level: readonly string[]): string[] => blockParts(network(), level, []).map(({ title }) => title);
    expect(titles([])).toEqual(['Encoder', 'All']);
    const [outer = ''] = network().nodes.flatMap(({ id, kind }) => (kind === 'block' ? [id] : []));
    expect(titles([outer])).toEqual(['Encoder']);
    expect(titles([outer, 'block-1'])).toEqual([]);
  });
});

describe('a kept block', () => {
  const placed = { id: 'b', kind: 'block', params: { definition: 'block-1', repeat: 1 }, position: { x: 0, y: 0 } };
  const encoder = {
    key: 'b1-abc',
    document: { ...emptyDocument('Encoder'), nodes: [placed], blocks: network().blocks.slice(0, 1) },
  };

  it('brings its inside along, once, to the place on the grid', () => {
    const once = put(keptPart(encoder), emptyDocument());
    expect(once.document.nodes.map(({ position }) => position)).toEqual([{ x: 495, y: 297 }]);
    expect(once.document.blocks.map(({ name }) => name)).toEqual(['Encoder']);
    expect(put(keptPart(encoder), once.document).document.blocks).toHaveLength(1);
  });

  it('is found by its key, a block of the document by its id, and nothing else', () => {
    useKeptBlocks.setState({ blocks: [encoder] });
    expect(myBlock('b1-abc')?.note).toBe('kept');
    expect(myBlock('block-1')?.id).toBe('block block-1');
    expect(myBlock('block-9')).toBeUndefined();
    expect(layerPart('dense').id).toBe('dense');
  });
});
