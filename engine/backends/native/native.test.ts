import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { initializeParameters } from '../../compile/initialize.ts';
import { Model, toTensors } from '../../compile/materialize.tf.ts';
import { nativeRuntime } from '../../toolchain/runtime.ts';
import { checkBatch, checkPlan, checkTargets } from '../check-network.ts';
import { activateBackend } from '../choose.tf.ts';
import { provision } from '../provision.ts';

/*
 * The real thing: really downloads, compiles and loads TensorFlow, in the user's cache, so that it happens once a machine.
 * UNROLL_REQUIRE_ALL=1 turns the skip into a failure.
 */
const reason = await provision().then(
  () => null,
  (error: unknown) => (error instanceof Error ? error.message : String(error)),
);
if (reason !== null) console.warn(`native TensorFlow is not tested here: ${reason}`);
const skipped = reason !== null && process.env['UNROLL_REQUIRE_ALL'] !== '1';

test.skipIf(skipped)('native TensorFlow is prepared, passes its check, and a step of training lowers the loss', async () => {
  expect(reason).toBeNull();
  const info = await activateBackend('tensorflow');
  expect(info.description).toContain(' · fused kernels');
  expect(info.description).toMatch(/^TensorFlow 2\.\d+ · (CPU|CUDA)/);
  expect(info.selfCheckError).toBeLessThan(1e-4);
  expect(tf.getBackend()).toBe('tensorflow');

  const plan = checkPlan();
  const model = new Model(plan, initializeParameters(plan, 1));
  const target = tf.oneHot(tf.tensor1d([...checkTargets.rows], 'int32'), checkTargets.classes.length);
  const batch = toTensors(checkBatch);
  const optimizer = tf.train.adam(0.05);
  const loss = (): tf.Scalar => tf.losses.softmaxCrossEntropy(target, model.forward(batch, { dropout: null }));
  const losses = Array.from({ length: 5 }, () => tf.tidy(() => optimizer.minimize(loss, true)?.dataSync()[0] ?? Number.NaN));
  expect(losses.at(-1)).toBeLessThan(losses[0] ?? 0);
});

test.skipIf(skipped)('it loads where util.isNullOrUndefined is gone, as in Node 23 and in Electron', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'unroll-native-'));
  try {
    const removal = join(folder, 'removal.cjs');
    await writeFile(removal, "delete require('node:util').isNullOrUndefined;");
    const script = fileURLToPath(new URL('./verify-native.tf.ts', import.meta.url));
    const args = ['--require', removal, '--import', 'tsx', script, nativeRuntime()?.binding ?? ''];
    const output = execFileSync(process.execPath, args, { encoding: 'utf8' });
    expect(JSON.parse(output.trim().split('\n').at(-1) ?? '{}')).toMatchObject({ verified: true });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
