import { describe, expect, it } from 'vitest';
import { blockInputs, blockOutputs } from '../../document/placed-blocks.ts';
import { unrollDocument } from '../../document/schema.ts';
import { collapse } from './collapse.ts';
import { put, tagger, wiresOf } from './test-graphs.test-support.ts';

function collapsed(ids: readonly string[], name = 'Stack', document = tagger()) {
  const result = collapse(document, new Set(ids), name);
  if (!result.ok) throw new Error(result.message);
  const block = result.document.blocks.at(-1);
  if (!block) throw new Error('there is no block');
  expect(unrollDocument.safeParse(result.document).success).toBe(true);
  return { ...result, block };
}

const refusal = (ids: readonly string[], document = tagger()): string => {
  const result = collapse(document, new Set(ids), 'Stack');
  if (result.ok) throw new Error('it was not refused');
  expect(result.fix.length).toBeGreaterThan(10);
  return result.message;
};

describe('a selection collapsed into a block', () => {
  it('has one port for each value that crosses its border, named after the port inside', () => {
    const { document, id, block } = collapsed(['cell', 'first', 'cell-2', 'second']);
    expect(block.name).toBe('Stack');
    expect(blockInputs(block).map((node) => node.id)).toEqual(['sequence']);
    expect(blockOutputs(block).map((node) => node.id)).toEqual(['output', 'first-output']);
    expect(wiresOf(block)).toEqual([
      'sequence.value>first.sequence',
      'cell.cell>first.cell',
      'first.output>second.sequence',
      'cell-2.cell>second.cell',
      'second.output>output.value',
      'first.output>first-output.value',
    ]);
    expect(document.nodes.map((node) => node.id)).toEqual(['tokens', 'embed', id, 'join', 'head']);
    expect(wiresOf(document)).toEqual([
      'tokens.tokens>embed.tokens',
      `embed.sequence>${id}.sequence`,
      `${id}.output>join.inputs`,
      `${id}.first-output>join.inputs`,
      'embed.sequence>join.inputs',
      'join.output>head.input',
    ]);
  });

  it('has one input for a value that several nodes inside read, in the order of the wires into each', () => {
    const { document, id, block } = collapsed(['cell', 'first', 'cell-2', 'second', 'join']);
    expect(wiresOf(block)).toEqual([
      'sequence.value>first.sequence',
      'cell.cell>first.cell',
      'first.output>second.sequence',
      'cell-2.cell>second.cell',
      'second.output>join.inputs',
      'first.output>join.inputs',
      'sequence.value>join.inputs',
      'join.output>output.value',
    ]);
    expect(wiresOf(document)).toEqual(['tokens.tokens>embed.tokens', `embed.sequence>${id}.sequence`, `${id}.output>head.input`]);
  });

  it('takes a cell that is wired in from outside by a port, and an open input that needs a wire', () => {
    const { block, id, document } = collapsed(['first']);
    expect(blockInputs(block).map((node) => node.id)).toEqual(['sequence', 'cell']);
    expect(wiresOf(document)).toContain(`cell.cell>${id}.cell`);
    const open = collapsed(['lonely'], 'Open', put('lonely', 'recurrent')(tagger()));
    expect(wiresOf(open.block)).toEqual([
      'sequence.value>lonely.sequence',
      'cell.value>lonely.cell',
      'lonely.output>output.value',
    ]);
    expect(new Set(open.block.edges.map((edge) => edge.id)).size).toBe(3);
  });

  it('takes the comments and frames that were chosen', () => {
    const lies = { position: { x: 0, y: 0 }, size: { width: 100, height: 50 } };
    const with_ = {
      ...tagger(),
      comments: [{ id: 'said', text: 'why', ...lies }],
      frames: [
        { id: 'around', title: 'A', colour: 'blue' as const, ...lies },
        { id: 'other', title: 'B', colour: 'red' as const, ...lies },
      ],
    };
    const { document, block } = collapsed(['cell', 'first', 'said', 'around'], 'Stack', with_);
    expect([block.comments, block.frames].map((items) => items.map((item) => item.id))).toEqual([['said'], ['around']]);
    expect([document.comments, document.frames].map((items) => items.map((item) => item.id))).toEqual([[], ['other']]);
  });

  it('has a name of its own, and ids of its own', () => {
    const first = collapsed(['cell', 'first']);
    const second = collapsed(['cell-2', 'second'], ' Stack ', first.document);
    expect(second.document.blocks.map(({ id, name }) => [id, name])).toEqual([
      ['block-1', 'Stack'],
      ['block-2', 'Stack 2'],
    ]);
    const both = collapsed([first.id, second.id], 'Both', second.document);
    expect(both.block.nodes.filter(({ kind }) => kind === 'block')).toHaveLength(2);
  });

  it('names ports by letters and digits, whatever the port is called', () => {
    const document = put('odd', 'dense', { 'in put/€': 'embed.sequence' })(tagger());
    expect(blockInputs(collapsed(['odd'], 'Odd', document).block).map((node) => node.id)).toEqual(['in-put-', 'input']);
  });
});

describe('a selection that could not be one module is refused, with the reason', () => {
  it('an input, a head, nothing', () => {
    expect(refusal(['tokens', 'embed'])).toContain('Tokens');
    expect(refusal(['join', 'head'])).toContain('outside of blocks');
    expect(refusal([])).toBe('no node is chosen');
    expect(refusal(['no such node'])).toBe('no node is chosen');
  });

  it('one that a wire leaves and comes back to, near or far', () => {
    expect(refusal(['first', 'join'])).toContain('comes back by');
    const far = put('after', 'dense', { input: 'second.output' })(tagger());
    const looped = put('last', 'add', { inputs: ['after.output', 'first.output'] })(far);
    expect(refusal(['first', 'last'], looped)).toContain('the block would feed itself');
    expect(collapsed(['embed', 'first', 'cell']).id).toBe('block-1');
  });
});
