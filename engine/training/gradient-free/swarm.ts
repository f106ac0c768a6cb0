import type { OptimizerSettings } from '../../document/training-settings.ts';
import type { Random } from '../../random.ts';

export type SwarmSettings = Extract<OptimizerSettings, { kind: 'particle-swarm' }>;

/** Particles one after the other, each as long as the trained weights. */
export interface Swarm {
  readonly positions: Float32Array;
  readonly velocities: Float32Array;
  /** Where each particle did best. */
  readonly bests: Float32Array;
}

/** Particle 0 stands at the starting weights, the others round it; all at rest. */
export function initialSwarm(start: Float32Array, { particles, spread }: SwarmSettings, random: Random): Swarm {
  const size = start.length;
  const positions = new Float32Array(particles * size);
  for (let i = 0; i < positions.length; i++) positions[i] = (start[i % size] ?? 0) + (i < size ? 0 : spread * random.normal());
  return { positions, velocities: new Float32Array(particles * size), bests: positions.slice() };
}

/**
 * One flight, in place: `v = w v + c₁ r₁ (own best − x) + c₂ r₂ (leader − x)`, `x = x + v`, with `r₁, r₂ ~ U(0, 1)` drawn anew for each
 * weight of each particle.
 */
export function fly(swarm: Swarm, leader: Float32Array, settings: SwarmSettings, random: Random): void {
  const { positions, velocities, bests } = swarm;
  const { inertia, cognitive, social } = settings;
  for (let i = 0; i < positions.length; i++) {
    const x = positions[i] ?? 0;
    const own = cognitive * random.uniform() * ((bests[i] ?? 0) - x);
    const shared = social * random.uniform() * ((leader[i % leader.length] ?? 0) - x);
    const v = inertia * (velocities[i] ?? 0) + own + shared;
    velocities[i] = v;
    positions[i] = x + v;
  }
}

/** Mean over the weights of the particles' standard deviation: how far the swarm still spreads. */
export function spreadOf(positions: Float32Array, particles: number): number {
  const size = positions.length / particles;
  let total = 0;
  for (let i = 0; i < size; i++) {
    let mean = 0;
    for (let p = 0; p < particles; p++) mean += (positions[p * size + i] ?? 0) / particles;
    let square = 0;
    for (let p = 0; p < particles; p++) square += ((positions[p * size + i] ?? 0) - mean) ** 2;
    total += Math.sqrt(square / particles);
  }
  return total / size;
}
