import { describe, expect, it } from 'vitest';
import { parseDocument } from './migrations.ts';
import { type BlockDefinition, documentLimits, emptyDocument, type GraphNode } from './schema.ts';

const place = { x: 0, y: 0 };
const placed = (definition: string, repeat: unknown = 1, id = 'inner'): GraphNode => ({
  id,
  kind: 'block',
  params: { definition, repeat: repeat as number },
  position: place,
});
const block = (id: string, ...nodes: GraphNode[]): BlockDefinition => ({
  id,
  name: id,
  nodes,
  edges: [],
  comments: [],
  frames: [],
});
const dense: GraphNode = { id: 'dense', kind: 'dense', params: {}, position: place };
const document = (nodes: readonly GraphNode[], ...blocks: BlockDefinition[]) => ({ ...emptyDocument(), nodes, blocks });

const refusal = (value: unknown): string => {
  const result = parseDocument(value);
  if (result.ok) throw new Error('it was read');
  return result.message;
};

/** Each holds the next one `repeat` times. */
const chain = (length: number, repeat: number): BlockDefinition[] =>
  Array.from({ length }, (_, i) => (i === length - 1 ? block(`b${i}`, dense) : block(`b${i}`, placed(`b${i + 1}`, repeat))));

describe('blocks of a hostile file', () => {
  it('multiply to a number that is said, without being expanded', () => {
    expect(refusal(document([placed('b0', 1_000)], ...chain(8, 1_000)))).toMatch(
      /expanded has 1,00[\d,]{20,} nodes; at most 2,000/,
    );
  });

  it('are read up to the limit', () => {
    const fits = (repeat: number) => document([placed('one', repeat)], block('one', dense, { ...dense, id: 'dense-2' }));
    expect(parseDocument(fits(999)).ok).toBe(true);
    expect(refusal(fits(1_000))).toBe('the graph with its blocks expanded has 2,001 nodes; at most 2,000 are read');
    const unused = document([], ...chain(4, 40));
    expect(refusal(unused)).toContain('nodes; at most 2,000');
    const many = Array.from({ length: 21 }, (_, i) =>
      block(`b${i}`, ...Array.from({ length: 100 }, (_2, n) => ({ ...dense, id: `d${n}` }))),
    );
    expect(refusal(document([], ...many))).toBe('the graph and its blocks hold 2,100 nodes; at most 2,000 are read');
    const wire = { from: { node: 'dense', port: 'output' }, to: { node: 'dense', port: 'input' } };
    const wired = { ...block('b', dense), edges: Array.from({ length: 81 }, (_, i) => ({ id: `w${i}`, ...wire })) };
    expect(refusal(document([placed('b', 100)], wired))).toBe(
      'the graph with its blocks expanded has 8,100 wires; at most 8,000 are read',
    );
  });

  it('lie in each other so deep and no deeper', () => {
    expect(parseDocument(document([placed('b0')], ...chain(documentLimits.blockDepth, 1))).ok).toBe(true);
    expect(refusal(document([placed('b0')], ...chain(9, 1)))).toBe('blocks lie 9 deep in each other; at most 8 do');
    expect(refusal(document([], ...chain(9, 1)))).toContain('9 deep');
    expect(refusal(document([placed('b0')], ...chain(200, 1)))).toContain('200 deep');
  });

  it('lie in themselves, near or far', () => {
    expect(refusal(document([], block('a', placed('a'))))).toBe('the block “a” is placed in itself');
    expect(refusal(document([placed('a')], block('a', placed('b')), block('b', placed('a'))))).toContain('is placed in itself');
  });

  it('stand for nothing, or are repeated so often as no number says', () => {
    expect(refusal(document([placed('ghost')]))).toContain('“inner” is a block that is not in the file');
    for (const repeat of [0, -1, 1.5, 1_001, '2', null])
      expect(refusal(document([placed('a', repeat)], block('a', dense)))).toContain('how often');
    expect(refusal(document([], block('a', placed('ghost'))))).toMatch(/^block “a”: node “inner”/);
  });

  it('have two parts with one id, or a wire to nowhere', () => {
    expect(refusal(document([], block('a', dense), block('a', dense)))).toBe('two blocks have the id “a”');
    expect(refusal(document([], block('a', dense, dense)))).toBe('block “a”: two nodes have the id “dense”');
    const end = { node: 'dense', port: 'x' };
    const loose = { ...block('a', dense), edges: [{ id: 'w', from: end, to: { node: 'ghost', port: 'x' } }] };
    expect(refusal(document([], loose))).toMatch(/^block “a”: wire “w” ends .*“ghost”/);
    expect(refusal(document([{ ...dense, kind: 'block-input' }]))).toContain('is the port of a block, and lies in none');
    const frame = { id: 'f', title: '', colour: 'blue', position: place, size: { width: 100, height: 100 } };
    expect(refusal({ ...document([]), frames: [frame, frame] })).toBe('two frames have the id “f”');
    expect(refusal({ ...document([]), frames: [{ ...frame, colour: '#fff' }] })).toContain('frames.0.colour');
  });
});
