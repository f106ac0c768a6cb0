import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { chooseDistribution, tensorflowVersion, thisMachine } from '../engine/backends/native/distribution.ts';
import { manifestFile, manifestText, runtimeFolder } from '../engine/backends/native/runtime.ts';
import { expect, test } from './fixtures.ts';

/*
 * A machine whose driver shows an NVIDIA GPU and where TensorFlow for it is prepared, as far as the window is told: nothing here
 * computes on it.
 */
const folder = mkdtempSync(join(tmpdir(), 'unroll-nvidia-'));
writeFileSync(join(folder, 'nvidia-smi'), '#!/bin/sh\necho "NVIDIA L4"\n');
chmodSync(join(folder, 'nvidia-smi'), 0o755);
const choice = chooseDistribution({ ...thisMachine(), gpu: 'NVIDIA L4' });
if (choice.ok) {
  const { key, kind } = choice.distribution;
  const runtime = runtimeFolder(choice.distribution, folder);
  mkdirSync(runtime, { recursive: true });
  const content = { key, kind, tensorflow: tensorflowVersion, selfCheckError: 1e-6, prepared: new Date(0).toISOString() };
  writeFileSync(join(runtime, manifestFile), manifestText(content));
}

test.skip(!choice.ok || choice.distribution.kind !== 'cuda', 'TensorFlow for NVIDIA GPUs is published for x64 Linux');
test.use({
  environment: {
    UNROLL_CACHE: folder,
    PATH: `${folder}${delimiter}${process.env['PATH']}`,
    CUDA_VISIBLE_DEVICES: undefined,
  },
});

test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('matrix products in TF32 are a choice of the machine', async ({ app, window }) => {
  const menu = window.getByRole('radiogroup', { name: 'Matrix products on the GPU' });
  await window.getByRole('button', { name: /TensorFlow 2\.\d+ · CUDA NVIDIA L4/ }).click();
  await expect(menu.getByRole('radio', { name: 'float32' })).toBeChecked();
  await menu.getByRole('radio', { name: 'TF32' }).click();
  await expect(menu.getByRole('radio', { name: 'TF32' })).toBeChecked();
  expect(JSON.parse(readFileSync(join(app.home, 'device.json'), 'utf8'))).toEqual({ matrixProducts: 'tf32' });

  await window.reload();
  await window.getByRole('button', { name: /TensorFlow 2\.\d+ · CUDA NVIDIA L4/ }).click();
  await expect(menu.getByRole('radio', { name: 'TF32' })).toBeChecked();
});
