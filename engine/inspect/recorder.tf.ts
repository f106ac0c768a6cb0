import type { Tensor3D } from '@tensorflow/tfjs-core';
import { portKey } from '../graph/infer-shapes.ts';
import type { Value } from '../layers/builder.tf.ts';
import type { RunOutput, Watch, WatchedRun } from '../layers/watch.tf.ts';

/** A recurrence that ran, and what the kernels gave. */
export interface RecordedRun extends WatchedRun {
  readonly sequence: Tensor3D;
  /** Of each direction. */
  readonly final: RunOutput['final'];
}

/** Keeps everything that passes while a model runs as it always does. Its tensors live as long as the scope that it ran in. */
export class Recorder implements Watch {
  readonly runs: RecordedRun[] = [];
  readonly values = new Map<string, Value>();
  readonly #other: Watch | null;

  /** @param other runs recurrences in its way, and what it gives is kept */
  constructor(other: Watch | null = null) {
    this.#other = other;
  }

  recurrence: Watch['recurrence'] = (run, _want, kernels) => {
    const all = { sequence: true, final: true };
    const { sequence, final } = this.#other === null ? kernels(all) : this.#other.recurrence(run, all, kernels);
    if (sequence === null) throw new Error('a recurrence gave no sequence');
    this.runs.push({ ...run, sequence, final });
    return { sequence, final };
  };

  value: Watch['value'] = (module, port, value) => {
    this.values.set(portKey(module, port), value);
    return value;
  };
}
