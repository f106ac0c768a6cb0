import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { findTorch } from '../export/pytorch/find-torch.ts';
import { collapse } from '../graph/blocks/collapse.ts';
import { put, tagger } from '../graph/blocks/test-graphs.test-support.ts';
import { setParams } from '../graph/edit.ts';
import { attributeName, nameModules } from './module-names.ts';

it('makes an attribute of any name, which is no layer’s', () => {
  expect(attributeName('My Encoder!')).toBe('my_encoder');
  expect(attributeName('Été 2')).toBe('ete_2');
  for (const [name, attribute] of [
    ['编码器', 'block'],
    ['2 layers', 'block_2_layers'],
    ['forward', 'block_forward'],
    ['class', 'block_class'],
    ['Recurrent', 'block_recurrent'],
    ['Recurrent l0', 'block_recurrent_l0'],
    ['Recurrently', 'recurrently'],
  ] as const) {
    expect(attributeName(name), name).toBe(attribute);
  }
});

const torch = findTorch();
if ('reason' in torch) console.warn(`names of nn.Module skipped: ${torch.reason}`);

it.skipIf('reason' in torch)('never hides what every PyTorch module has', () => {
  const code = 'import keyword, torch.nn as nn; print(" ".join([*dir(nn.Module()), *keyword.kwlist]))';
  const { stdout } = spawnSync('python' in torch ? torch.python : '', ['-c', code], { encoding: 'utf8' });
  const members = stdout.trim().split(' ');
  expect(members).toContain('forward');
  expect(members.filter((name) => attributeName(name) === name)).toEqual([]);
});

it('names what lies in a block by its place in it, the same in every copy', () => {
  const graph = put('deep', 'recurrent', { sequence: 'second.output', cell: 'cell.cell' })(tagger());
  const made = collapse(graph, new Set(['cell-2', 'second', 'join']), 'Stack');
  if (!made.ok) throw new Error(made.message);
  const repeated = setParams(made.document, made.id, { repeat: 2 });
  const { names, order } = nameModules(repeated, new Set([`${made.id}#0/second`, 'first', 'embed', 'head']));
  expect(Object.fromEntries(names)).toEqual({
    embed: 'embedding',
    first: 'recurrent',
    [made.id]: 'stack',
    [`${made.id}#0/second`]: 'stack.0.recurrent',
    [`${made.id}#0/join`]: 'stack.0.concat',
    [`${made.id}#1/second`]: 'stack.1.recurrent',
    [`${made.id}#1/join`]: 'stack.1.concat',
    head: 'dense_softmax',
  });
  const within = order.flatMap((id, at) => (id.startsWith(`${made.id}#`) ? [at] : []));
  expect((within.at(-1) ?? 0) - (within[0] ?? 0)).toBe(within.length - 1);
});
