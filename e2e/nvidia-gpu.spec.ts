import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pretendCuda } from '../engine/toolchain/cuda-fixture.test-support.ts';
import { expect, test } from './fixtures.ts';

/* As far as the window is told, there is a GPU: nothing here computes on it. */
test.use({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from it that no other fixture is needed.
  environment: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'unroll-nvidia-'));
    const machine = pretendCuda(folder);
    test.skip(machine === null, 'TensorFlow for NVIDIA GPUs is published for x64 Linux');
    await use(machine ?? {});
    rmSync(folder, { recursive: true });
  },
});

for (const [label, value] of [
  ['TF32', 'tf32'],
  ['float16', 'float16'],
] as const)
  test(`matrix products in ${label} are a choice of the machine`, async ({ app, window }) => {
    const menu = window.getByRole('radiogroup', { name: 'Matrix products on the GPU' });
    await window.getByRole('button', { name: /TensorFlow 2\.\d+ · CUDA NVIDIA L4/ }).click();
    await expect(menu.getByRole('radio', { name: 'float32' })).toBeChecked();
    await menu.getByRole('radio', { name: label }).click();
    await expect(menu.getByRole('radio', { name: label })).toBeChecked();
    expect(JSON.parse(readFileSync(join(app.home, 'device.json'), 'utf8'))).toEqual({ matrixProducts: value });

    await window.reload();
    await window.getByRole('button', { name: /TensorFlow 2\.\d+ · CUDA NVIDIA L4/ }).click();
    await expect(menu.getByRole('radio', { name: label })).toBeChecked();
  });
