import { describe, expect, it } from 'vitest';
import type { UnrollDocument } from '../../document/schema.ts';
import { copyItems, parseClip, paste } from '../clipboard.ts';
import { addNode, connect, freshId, remove } from '../edit.ts';
import { collapse } from './collapse.ts';
import { addBlockPort, moveBlockPort, placeBlock, removeUnusedBlocks, renameBlock, unpack, unusedBlocks } from './edit-blocks.ts';
import { editInside } from './inside.ts';
import type { Refused } from './names.ts';
import { portsOf } from './ports.ts';
import { put, tagger, wiresOf } from './test-graphs.test-support.ts';

const at = { x: 0, y: 0 };

function done<T extends { readonly ok: true }>(result: T | Refused): T {
  if (!result.ok) throw new Error(result.message);
  return result;
}

const collapsed = (ids: readonly string[], document = tagger(), name = 'Stack') => done(collapse(document, new Set(ids), name));

const repeated = (document: UnrollDocument, id: string, repeat: number): UnrollDocument => ({
  ...document,
  nodes: document.nodes.map((node) => (node.id === id ? { ...node, params: { ...node.params, repeat } } : node)),
});

describe('a block that is expanded in its place', () => {
  it('is the graph that it was made of', () => {
    for (const chosen of [
      ['cell', 'first', 'cell-2', 'second'],
      ['cell', 'first', 'cell-2', 'second', 'join'],
      ['join'],
      ['cell'],
    ]) {
      const { document, id } = collapsed(chosen);
      const { document: back, ids } = done(unpack(document, id));
      expect([...ids].sort()).toEqual([...chosen].sort());
      expect(wiresOf(back).sort()).toEqual(wiresOf(tagger()).sort());
      const into = (graph: UnrollDocument): string[] => wiresOf(graph).filter((wire) => wire.endsWith('>join.inputs'));
      expect(into(back)).toEqual(into(tagger()));
      expect(back.nodes.map((node) => node.id).sort()).toEqual(
        tagger()
          .nodes.map((node) => node.id)
          .sort(),
      );
      expect(back.blocks).toHaveLength(1);
    }
  });

  it('follows itself as often as it is repeated', () => {
    const { document, id } = collapsed(['cell', 'first']);
    const { document: back } = done(unpack(repeated(document, id, 3), id));
    expect(wiresOf(back).filter((wire) => wire.includes('.sequence'))).toEqual([
      'recurrent-2.output>second.sequence',
      'embed.sequence>join.inputs',
      'embed.sequence>first.sequence',
      'first.output>recurrent-1.sequence',
      'recurrent-1.output>recurrent-2.sequence',
    ]);
    expect(new Set(back.nodes.map((node) => `${node.position.x} ${node.position.y}`)).size).toBe(back.nodes.length);
    expect(new Set(back.edges.map((edge) => edge.id)).size).toBe(back.edges.length);
  });

  it('leads a wire that goes straight through it to where it came from', () => {
    const { document, id } = collapsed(['join']);
    const through = done(
      editInside(document, 'block-1', (inside) => {
        const { document: more, id: port } = addBlockPort(inside, 'block-output', at);
        return connect(more, { node: 'inputs', port: 'value' }, { node: port, port: 'value' });
      }),
    ).document;
    const read = put('after', 'dense', { input: `${id}.output-1` })(through);
    expect(wiresOf(done(unpack(read, id)).document)).toContain('second.output>after.input');
  });

  it('is refused for what is no block', () => {
    expect(unpack(tagger(), 'first').ok).toBe(false);
  });
});

describe('the inside of a block', () => {
  it('is edited once for all that are placed', () => {
    const { document } = collapsed(['cell', 'first']);
    const edited = done(editInside(document, 'block-1', (inside) => addNode(inside, 'dense', at).document)).document;
    expect(edited.blocks[0]?.nodes.map((node) => node.id)).toContain('dense-1');
    expect([edited.nodes, edited.edges]).toEqual([document.nodes, document.edges]);
    expect(done(editInside(document, 'block-1', (inside) => inside)).document).toBe(document);
    expect(done(editInside(document, 'none', (inside) => addNode(inside, 'dense', at).document)).document).toBe(document);
  });

  it('takes the wires along that ended at a port that is gone', () => {
    const { document, id } = collapsed(['cell', 'first', 'cell-2', 'second']);
    const nested = collapsed([id, 'join'], document, 'Outer').document;
    const edited = done(editInside(nested, 'block-1', (inside) => remove(inside, new Set(['first-output'])))).document;
    const wires = (graph: UnrollDocument): string[] => wiresOf(graph.blocks[1] ?? { edges: [] });
    expect(wires(nested).filter((wire) => !wires(edited).includes(wire))).toEqual([`${id}.first-output>join.inputs`]);
  });

  it('has its ports in another order, with their wires', () => {
    const { document, id } = collapsed(['join']);
    const two = done(editInside(document, 'block-1', (inside) => addBlockPort(inside, 'block-input', at).document)).document;
    const order = (graph: UnrollDocument): string[] | undefined => {
      const node = graph.nodes.find((one) => one.id === id);
      return node && portsOf(graph, node)?.inputs.map(({ name }) => name);
    };
    const before = order(two) ?? [];
    expect(before.length).toBeGreaterThan(2);
    const moved = (port: string, by: -1 | 1): UnrollDocument =>
      done(editInside(two, 'block-1', (inside) => moveBlockPort(inside, port, by))).document;
    const [first = '', second = '', ...rest] = before;
    expect(order(moved(second, -1))).toEqual([second, first, ...rest]);
    expect(order(moved(first, 1))).toEqual([second, first, ...rest]);
    expect(wiresOf(moved(second, -1).blocks[0] ?? { edges: [] })).toEqual(wiresOf(two.blocks[0] ?? { edges: [] }));
    expect(wiresOf(moved(second, -1))).toEqual(wiresOf(two));
    // Nothing stands above the first and below the last, and a layer is no port.
    for (const [port, by] of [
      [first, -1],
      [before.at(-1) ?? '', 1],
      ['join', 1],
    ] as const)
      expect(moved(port, by)).toBe(two);
  });

  it('never comes to lie in itself', () => {
    const { document, id } = collapsed(['cell', 'first']);
    const outer = collapsed([id, 'cell-2', 'second'], document, 'Outer').document;
    const put_ = (within: string, block: string) =>
      editInside(outer, within, (inside) => {
        const placed = placeBlock(inside, block, at);
        return placed.ok ? placed.document : placed;
      });
    expect(put_('block-1', 'block-1')).toMatchObject({ ok: false, message: 'the block “Stack” is placed in itself' });
    expect(put_('block-1', 'block-2')).toMatchObject({ ok: false, message: expect.stringContaining('is placed in itself') });
    expect(put_('block-2', 'block-1').ok).toBe(true);
  });
});

describe('my blocks', () => {
  it('are placed again, with the ports of the block', () => {
    const { document, id } = collapsed(['cell', 'first', 'cell-2', 'second']);
    const placed = done(placeBlock(document, 'block-1', document.nodes.find((node) => node.id === id)?.position ?? at));
    const [again = ''] = placed.ids;
    const node = placed.document.nodes.find((one) => one.id === again);
    expect(again).toBe(freshId(document, 'block'));
    expect(node?.params).toEqual({ definition: 'block-1', repeat: 1 });
    expect(node?.position).not.toEqual(document.nodes.find((one) => one.id === id)?.position);
    const ports = node && portsOf(placed.document, node);
    expect(ports?.title).toBe('Stack');
    expect(ports?.inputs.map(({ name, accepts, optional }) => [name, accepts, optional])).toEqual([
      ['sequence', ['sequence'], undefined],
    ]);
    expect(ports?.outputs.map(({ name, label }) => [name, label])).toEqual([
      ['output', 'output'],
      ['first-output', 'first output'],
    ]);
    expect(placeBlock(document, 'none', at).ok).toBe(false);
  });

  it('are renamed, each with a name of its own', () => {
    const { document } = collapsed(['cell-2', 'second'], collapsed(['cell', 'first']).document, 'Other');
    const names = (graph: UnrollDocument): string[] => graph.blocks.map(({ name }) => name);
    expect(names(renameBlock(document, 'block-2', 'Stack'))).toEqual(['Stack', 'Stack 2']);
    expect(names(renameBlock(document, 'block-2', 'Other'))).toEqual(['Stack', 'Other']);
    expect(renameBlock(document, 'block-2', '  ')).toBe(document);
  });

  it('are removed where nothing places them, with what only they held', () => {
    const inner = collapsed(['cell', 'first']);
    const { document, id } = collapsed([inner.id, 'cell-2', 'second'], inner.document, 'Outer');
    expect(removeUnusedBlocks(document)).toBe(document);
    const without = remove(document, new Set([id]));
    expect(unusedBlocks(without).map((block) => block.name)).toEqual(['Stack', 'Outer']);
    expect(removeUnusedBlocks(without).blocks).toEqual([]);
    expect(removeUnusedBlocks(without, 'block-1')).toBe(without);
    expect(removeUnusedBlocks(without, 'block-2').blocks.map(({ name }) => name)).toEqual(['Stack']);
  });
});

describe('copied blocks', () => {
  const nested = () => {
    const inner = collapsed(['cell', 'first']);
    return collapsed([inner.id, 'cell-2', 'second'], inner.document, 'Outer');
  };

  it('bring their definitions, and those that these hold', () => {
    const { document, id } = nested();
    const clip = parseClip(JSON.stringify(copyItems(document, new Set([id]))));
    if (!clip) throw new Error('the clip does not parse');
    const { document: target, ids } = done(paste(tagger(), clip, { x: 10, y: 10 }));
    expect(target.blocks.map(({ name }) => name)).toEqual(['Stack', 'Outer']);
    const [pasted = ''] = ids;
    expect(wiresOf(done(unpack(target, pasted)).document)).toHaveLength(tagger().edges.length + 2);
  });

  it('are the blocks that are there where the inside is the same, and others where it is not', () => {
    const { document, id } = nested();
    const clip = copyItems(document, new Set([id]));
    if (!clip) throw new Error('nothing was copied');
    const again = done(paste(document, clip, at));
    expect(again.document.blocks).toEqual(document.blocks);
    const changed = done(editInside(document, 'block-1', (inside) => addNode(inside, 'dense', at).document)).document;
    const beside = done(paste(changed, clip, at)).document;
    expect(beside.blocks.map(({ name }) => name)).toEqual(['Stack', 'Outer', 'Stack 2', 'Outer 2']);
    expect(beside.nodes.at(-1)?.params).toEqual({ definition: 'block-4', repeat: 1 });
    expect(beside.blocks[3]?.nodes.find(({ kind }) => kind === 'block')?.params['definition']).toBe('block-3');
  });

  it('of another program are read only with their definitions, and only as many as can be expanded', () => {
    const { document, id } = nested();
    const clip = copyItems(document, new Set([id]));
    expect(parseClip(JSON.stringify({ ...clip, blocks: [] }))).toBeNull();
    const many = parseClip(
      JSON.stringify({ ...clip, nodes: clip?.nodes.map((node) => ({ ...node, params: { ...node.params, repeat: 99 } })) }),
    );
    if (!many) throw new Error('the clip does not parse');
    expect(paste(paste_(paste_(tagger(), many), many), many, at)).toMatchObject({
      ok: false,
      message: expect.stringMatching(/2,\d+ nodes; at most 2,000/),
    });
  });

  const paste_ = (document: UnrollDocument, clip: NonNullable<ReturnType<typeof parseClip>>): UnrollDocument =>
    done(paste(document, clip, at)).document;
});
