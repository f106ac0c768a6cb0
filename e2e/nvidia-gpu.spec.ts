import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { chooseDistribution, tensorflowVersion, thisMachine } from '../engine/backends/native/distribution.ts';
import { manifestFile, manifestText, runtimeFolder } from '../engine/backends/native/runtime.ts';
import { expect, test } from './fixtures.ts';

const choice = chooseDistribution({ ...thisMachine(), gpu: 'NVIDIA L4' });
const cuda = choice.ok && choice.distribution.kind === 'cuda' ? choice.distribution : null;
test.skip(cuda === null, 'TensorFlow for NVIDIA GPUs is published for x64 Linux');

/*
 * A machine whose driver shows an NVIDIA GPU and where TensorFlow for it is prepared, as far as the window is told: nothing here
 * computes on it.
 */
test.use({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from it that no other fixture is needed.
  environment: async ({}, use) => {
    if (cuda === null) throw new Error('the test should have been skipped');
    const folder = mkdtempSync(join(tmpdir(), 'unroll-nvidia-'));
    writeFileSync(join(folder, 'nvidia-smi'), '#!/bin/sh\necho "NVIDIA L4"\n', { mode: 0o755 });
    const runtime = runtimeFolder(cuda, folder);
    mkdirSync(runtime, { recursive: true });
    const { key, kind } = cuda;
    const content = { key, kind, tensorflow: tensorflowVersion, selfCheckError: 1e-6, prepared: new Date(0).toISOString() };
    writeFileSync(join(runtime, manifestFile), manifestText(content));
    await use({ UNROLL_CACHE: folder, PATH: `${folder}${delimiter}${process.env['PATH']}`, CUDA_VISIBLE_DEVICES: undefined });
    rmSync(folder, { recursive: true });
  },
});

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
