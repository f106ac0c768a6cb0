import type { NamedTensor } from '../../files/safetensors.ts';
import { sizeOf } from '../flat-weights.tf.ts';
import { slotKey, type TrainedParameter } from '../optimizer.tf.ts';
import type { Swarm } from './swarm.ts';

const slots = [
  ['position', 'positions'],
  ['velocity', 'velocities'],
  ['best_position', 'bests'],
] as const;

/** `optimizer.position.<parameter>` `[particles, ...shape]`, and the same of `velocity` and `best_position`. */
export function saveSwarm(parameters: readonly TrainedParameter[], swarm: Swarm, particles: number): Map<string, NamedTensor> {
  const tensors = new Map<string, NamedTensor>();
  const width = sizeOf(parameters);
  for (const [slot, field] of slots) {
    let offset = 0;
    for (const parameter of parameters) {
      const { size, shape } = parameter.variable;
      const data = new Float32Array(particles * size);
      for (let p = 0; p < particles; p++) {
        data.set(swarm[field].subarray(p * width + offset, p * width + offset + size), p * size);
      }
      tensors.set(slotKey(slot, parameter), { dtype: 'F32', shape: [particles, ...shape], data });
      offset += size;
    }
  }
  return tensors;
}

/** @throws Error naming the slot that is missing or of another size */
export function readSwarm(
  parameters: readonly TrainedParameter[],
  tensors: ReadonlyMap<string, NamedTensor>,
  particles: number,
): Swarm {
  const width = sizeOf(parameters);
  const empty = (): Float32Array => new Float32Array(particles * width);
  const swarm: Swarm = { positions: empty(), velocities: empty(), bests: empty() };
  for (const [slot, field] of slots) {
    let offset = 0;
    for (const parameter of parameters) {
      const { size } = parameter.variable;
      const found = tensors.get(slotKey(slot, parameter))?.data;
      if (found?.length !== particles * size) {
        throw new Error(
          `${slotKey(slot, parameter)}: expected ${particles} particles of ${size} numbers, found ${found?.length ?? 'none'}`,
        );
      }
      for (let p = 0; p < particles; p++) swarm[field].set(found.subarray(p * size, (p + 1) * size), p * width + offset);
      offset += size;
    }
  }
  return swarm;
}
