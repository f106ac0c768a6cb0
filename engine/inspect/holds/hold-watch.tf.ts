import * as tf from '@tensorflow/tfjs-core';
import type { Watch, WatchedDirection } from '../../layers/watch.tf.ts';
import { type HeldDirection, runHeld } from './held-recurrence.tf.ts';
import type { Hold } from './hold.ts';

/** Holds lines of cells while a model runs: by the equations where something is held, by the kernels everywhere else. */
export class HoldWatch implements Watch {
  /** What was held, by the direction that ran; tensors of the scope that it ran in. */
  readonly held = new Map<WatchedDirection, HeldDirection>();
  readonly #holds: readonly Hold[];
  readonly #start: number;

  /** @param start what the first step of whatever generates is counted as */
  constructor(holds: readonly Hold[], start = 0) {
    this.#holds = holds;
    this.#start = start;
  }

  value: Watch['value'] = (_module, _port, value) => value;

  recurrence: Watch['recurrence'] = (run, want, kernels) => {
    const here = this.#holds.filter(({ node, layer }) => node === run.module && layer === run.layer);
    if (here.length === 0) return kernels(want);
    const ofDirection = run.directions.map(({ reverse }) =>
      here.filter(({ direction }) => direction === (reverse ? 'backward' : 'forward')),
    );
    const given = ofDirection.every((holds) => holds.length > 0) ? null : kernels({ sequence: true, final: true });
    const halves = given?.sequence ? (tf.split(given.sequence, run.directions.length, 2) as tf.Tensor3D[]) : [];
    const all = run.directions.map((direction, index) => {
      const holds = ofDirection[index] ?? [];
      if (holds.length === 0) return { sequence: halves[index] as tf.Tensor3D, final: given?.final[index] ?? [] };
      const held = runHeld(run, direction, holds, this.#start);
      this.held.set(direction, held);
      return held;
    });
    return {
      sequence: tf.concat(
        all.map(({ sequence }) => sequence),
        2,
      ) as tf.Tensor3D,
      final: all.map(({ final }) => final),
    };
  };
}

/** The watch for a model that generates, by the steps that it has said. */
export const holdsFrom =
  (holds: readonly Hold[]) =>
  (step: number): Watch =>
    new HoldWatch(holds, step);
