import * as tf from '@tensorflow/tfjs-core';
import type { StepFigures } from './train-step.tf.ts';

/** Figures of one step, read from the device. */
export interface ReadFigures {
  readonly loss: number;
  /** Targets that the most probable class hit, of `targets`. */
  readonly correct: number;
  readonly targets: number;
  readonly gradientNorm: number;
  /** What a gradient-free method tells of its candidates, as its `figureNames`. */
  readonly others: readonly number[];
}

/** Figures of the steps since the last read, still on the device: it is waited for once for all of them, not at every step. */
export class PendingFigures {
  #pending: { readonly figures: StepFigures; readonly targets: number }[] = [];

  /** Takes the figures over. @param targets of the step's batch; 0 where nothing is counted */
  add(figures: StepFigures, targets: number): void {
    this.#pending.push({ figures: tf.keep(figures), targets });
  }

  /** All that was added since the last read, oldest first. */
  async read(): Promise<ReadFigures[]> {
    const pending = this.#pending;
    if (pending.length === 0) return [];
    this.#pending = [];
    const joined = tf.concat(pending.map(({ figures }) => figures));
    for (const { figures } of pending) figures.dispose();
    const values = await joined.data();
    joined.dispose();
    const width = values.length / pending.length;
    return pending.map(({ targets }, i) => {
      const [loss = Number.NaN, correct = 0, gradientNorm = 0, ...others] = values.subarray(i * width, (i + 1) * width);
      return { loss, correct, targets, gradientNorm, others };
    });
  }

  dispose(): void {
    for (const { figures } of this.#pending) figures.dispose();
    this.#pending = [];
  }
}
