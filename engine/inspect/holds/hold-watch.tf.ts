import * as tf from '@tensorflow/tfjs-core';
import { atOnce } from '../../event-loop.ts';
import type { Watch, WatchedDirection, WatchedRun } from '../../layers/watch.tf.ts';
import { type HeldDirection, runHeld } from './held-recurrence.tf.ts';
import type { Hold } from './hold.ts';

/** A direction whose lines are held, which runs by its equations. */
interface HeldWork {
  readonly run: WatchedRun;
  readonly direction: WatchedDirection;
  readonly holds: readonly Hold[];
}

/** Ends a model's way forwards at a recurrence that is to run piece by piece first. */
class NotYet extends Error {
  readonly work: HeldWork;

  constructor(work: HeldWork) {
    super('a recurrence with held lines has not run yet');
    this.work = work;
  }
}

/** Holds lines of cells while a model runs: by the equations where something is held, by the kernels everywhere else. */
export class HoldWatch implements Watch {
  /** What was held, by the direction that ran; tensors of the scope that it ran in. */
  readonly held = new Map<WatchedDirection, HeldDirection>();
  readonly #holds: readonly Hold[];
  readonly #start: number;
  /** What has run before the model does, in the order in which the model asks for it; `null` where all runs as it is asked for. */
  #known: readonly HeldDirection[] | null = null;
  #asked = 0;

  /** @param start what the first step of whatever generates is counted as */
  constructor(holds: readonly Hold[], start = 0) {
    this.#holds = holds;
    this.#start = start;
  }

  /**
   * Runs a model with what is held piece by piece: up to the first recurrence with held lines, then that alone, then all up to the next one.
   * What is before them runs as often, by the kernels. The tensors of all of it live as long as the scope around it.
   *
   * @param forward runs the model with this watch, once more each time, in no scope of its own
   */
  *inPieces<T>(forward: () => T): Generator<undefined, T> {
    const known: HeldDirection[] = [];
    for (;;) {
      this.#known = known;
      this.#asked = 0;
      this.held.clear();
      const work = whatWaits(forward);
      if (!(work instanceof NotYet)) return work;
      yield;
      const { run, direction, holds } = work.work;
      known.push(yield* runHeld(run, direction, holds, this.#start));
    }
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
      const held = this.#run({ run, direction, holds });
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

  #run(work: HeldWork): HeldDirection {
    if (this.#known === null) return atOnce(runHeld(work.run, work.direction, work.holds, this.#start));
    const known = this.#known[this.#asked];
    this.#asked += 1;
    if (known === undefined) throw new NotYet(work);
    return known;
  }
}

/** What a model gives, or what it waits for. */
function whatWaits<T>(forward: () => T): T | NotYet {
  try {
    return forward();
  } catch (error) {
    if (error instanceof NotYet) return error;
    throw error;
  }
}

/** The watch for a model that generates, by the steps that it has said. */
export const holdsFrom =
  (holds: readonly Hold[]) =>
  (step: number): Watch =>
    new HoldWatch(holds, step);
