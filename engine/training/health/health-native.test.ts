import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { activateBackend } from '../../backends/choose.tf.ts';
import { fusedBackend, fusedOps } from '../../kernels/native-ops.tf.ts';
import { managedRuns } from '../../manage/managed-runs.test-support.ts';
import { syntheticTask } from '../synthetic-task.test-support.ts';
import { HealthPace } from './health-pace.ts';
import { measured, tasks } from './measured-step.test-support.tf.ts';

await activateBackend('tensorflow').catch(() => undefined);
const reason = fusedOps() === null ? 'native TensorFlow with our own ops is not prepared' : null;
if (reason !== null) console.warn(`the health of a training is not tested on native TensorFlow here: ${reason}`);
const skipped = reason !== null && process.env['UNROLL_REQUIRE_ALL'] !== '1';

/** All numbers of a measurement, by where they stand. */
function* numbers(value: unknown, path = ''): Generator<readonly [path: string, number]> {
  if (typeof value === 'number') yield [path, value];
  else if (typeof value === 'object' && value !== null)
    for (const [name, inner] of Object.entries(value)) yield* numbers(inner, `${path}.${name}`);
}

describe.skipIf(skipped)('the health of a training on native TensorFlow', () => {
  beforeAll(() => expect(reason).toBeNull());
  afterEach(() => vi.restoreAllMocks());

  it.each(Object.keys(tasks))('is of a step what it is where plain operations train: %s', async (name) => {
    const of = async (device: 'tensorflow' | 'javascript') => {
      await activateBackend(device);
      expect(fusedBackend() !== null).toBe(device === 'tensorflow');
      const { modules, recurrences } = await measured(tasks[name]?.() ?? syntheticTask('step-tagging'));
      return [...numbers({ modules, recurrences })];
    };
    const [native, plain] = [await of('tensorflow'), await of('javascript')];
    expect(native.length).toBeGreaterThan(20);
    expect(native.map(([path]) => path)).toEqual(plain.map(([path]) => path));
    for (const [at, [path, value]] of native.entries()) {
      const other = plain[at]?.[1] ?? Number.NaN;
      expect(Math.abs(value - other), `${path}: ${value} for ${other}`).toBeLessThan(1e-4 * Math.max(1e-2, Math.abs(other)));
    }
  });

  it('stands in the folder of a run that trains there, which learns the same without', async () => {
    // As in a run of more than two seconds.
    vi.spyOn(HealthPace.prototype, 'due').mockImplementation((step) => step % 10 === 3);
    const root = await mkdtemp(join(tmpdir(), 'unroll-health-native-'));
    const trained = async (health: boolean) => {
      const { document, data } = syntheticTask('sequence-classification', { epochs: 3, health, device: 'tensorflow' });
      const { manager, train } = managedRuns(join(root, String(health)), async () => data);
      const { id, status, backend } = await train({ document });
      expect([status, backend]).toEqual(['done', 'tensorflow']);
      const folder = manager.folder(id);
      const { events } = await folder.metrics();
      const weights = [...((await folder.checkpoint())?.tensors ?? [])].map(([name, tensor]) => [name, [...tensor.data]]);
      return { weights, health: events.flatMap((event) => event.health ?? []) };
    };
    const [on, off] = [await trained(true), await trained(false)];
    expect(on.health.length).toBeGreaterThan(1);
    expect(on.health[0]?.modules.map(({ node }) => node)).toEqual(['embed', 'rnn', 'head']);
    const [recurrence] = on.health[0]?.recurrences ?? [];
    expect(recurrence?.gradients[0]?.norms[0]).toBeGreaterThan(0);
    expect(off.health).toEqual([]);
    expect(on.weights.length).toBeGreaterThan(3);
    expect(on.weights).toEqual(off.weights);
    await rm(root, { recursive: true, force: true });
  });
});
