import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { findTemplate } from '../../templates/registry.ts';
import { prepareData } from '../data/prepare.ts';
import { collapse } from '../graph/blocks/collapse.ts';
import { findLayer } from '../layers/registry.ts';
import { RunManager } from '../manage/run-manager.ts';
import { RunStore } from '../runs/run-store.ts';
import { readGpu } from '../toolchain/distribution.ts';
import { machineMemory } from './machine-memory.ts';

const folder = mkdtempSync(join(tmpdir(), 'unroll-memory-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('is what is free here, of a container its limit, and of WebAssembly at most its address space', () => {
  expect(machineMemory('tensorflow', 5e9, 8e9, null)).toMatchObject([{ bytes: 5e9, of: 'process' }]);
  expect(machineMemory('auto', 5e19, 8e9, null)).toMatchObject([{ bytes: 8e9 }]);
  expect(machineMemory('wasm', 5e9, 8e9)).toMatchObject([
    { bytes: 5e9, of: 'wasm-process' },
    { bytes: 2 ** 32, of: 'wasm-heap' },
  ]);
  expect(machineMemory('auto')[0]?.bytes).toBeGreaterThan(1e7);
});

it('is that of a GPU, as far as it is known, with what lies beside it here', () => {
  const gpu = { name: 'NVIDIA L4', bytes: 24e9 };
  for (const device of ['tensorflow', 'auto'] as const)
    expect(machineMemory(device, 5e9, 8e9, gpu)).toEqual([
      { bytes: 24e9, where: 'the NVIDIA L4 has', of: 'gpu' },
      { bytes: 5e9, where: 'this machine has free', of: 'beside-gpu' },
    ]);
  expect(machineMemory('tensorflow', 5e9, 8e9, { ...gpu, bytes: null })).toMatchObject([{ of: 'beside-gpu' }]);
  expect(machineMemory('webgpu', 5e9, 8e9)).toMatchObject([{ bytes: 5e9, of: 'beside-gpu' }]);
  expect(machineMemory('javascript', 5e9, 8e9)).toMatchObject([{ of: 'process' }]);
  expect(readGpu('NVIDIA H200, 143771\nNVIDIA H200, 143771\n')).toEqual({ name: 'NVIDIA H200', bytes: 143_771 * 2 ** 20 });
  expect([readGpu('NVIDIA Thor, [N/A]\n'), readGpu('\n')]).toEqual([{ name: 'NVIDIA Thor', bytes: null }, null]);
});

it('keeps a run that does not fit from starting, before anything is written', async () => {
  const small = () => [{ bytes: 1e5, where: 'this machine has free', of: 'process' as const }];
  const told: string[] = [];
  const manager = new RunManager(new RunStore(folder), { emit: (event) => void told.push(event) }, undefined, small);
  const started = manager.startRun({ document: findTemplate('pos-tagger').document() });
  await expect(started).rejects.toMatchObject({
    failure: {
      code: 'does-not-fit',
      message: expect.stringMatching(/needs at least .* MB of memory, this machine has free 100 kB/),
      hint: expect.stringMatching(/^Lower the/),
    },
  });
  expect(readdirSync(folder)).toEqual([]);
  // Its data was read for it, with how far that is.
  expect(new Set(told)).toEqual(new Set(['data.progress']));
});

it('tells beforehand, by the same numbers, and reads no data for it', async () => {
  let bytes = 1e5;
  const manager = new RunManager(new RunStore(folder), { emit: () => undefined }, undefined, () => [
    { bytes, where: 'this machine has free', of: 'process' },
  ]);
  const document = findTemplate('syllables').document();
  expect(await manager.memoryProblem(document)).toBeNull();
  if (document.data === null) throw new Error('it has data');
  await prepareData(document.data);
  const told = await manager.memoryProblem(document);
  expect(told).toMatchObject({
    severity: 'error',
    message: expect.stringMatching(/needs at least .* this machine has free 100 kB/),
  });
  await expect(manager.startRun({ document })).rejects.toMatchObject({ failure: { hint: told?.fix, node: told?.node } });
  bytes = 1e12;
  expect(await manager.memoryProblem(document)).toBeNull();
  expect(await manager.memoryProblem({ ...document, edges: [] })).toBeNull();
  expect(await manager.memoryProblem({ ...document, data: null })).toBeNull();
});

it('names the way to a node inside of a block, which is told on the block', async () => {
  const manager = new RunManager(new RunStore(folder), { emit: () => undefined }, undefined, () => [
    { bytes: 1e5, where: 'this machine has free', of: 'process' },
  ]);
  const flat = findTemplate('syllables').document();
  const inner = flat.nodes.filter(({ kind }) => findLayer(kind)?.family !== 'input' && findLayer(kind)?.family !== 'head');
  const made = collapse(flat, new Set(inner.map(({ id }) => id)), 'Encoder');
  if (!made.ok || flat.data === null) throw new Error('it is one block');
  await prepareData(flat.data);
  const before = await manager.memoryProblem(flat);
  const told = await manager.memoryProblem(made.document);
  expect(told).toMatchObject({ node: made.id, inside: { path: [made.id], node: before?.node, edge: null } });
  await expect(manager.startRun({ document: made.document })).rejects.toMatchObject({
    failure: { code: 'does-not-fit', node: `${made.id}/${before?.node}` },
  });
});
