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

  recurrence: Watch['recurrence'] = (run, _want, kernels) => {
    const { sequence, final } = kernels({ sequence: true, final: true });
    if (sequence === null) throw new Error('a recurrence gave no sequence');
    this.runs.push({ ...run, sequence, final });
    return { sequence, final };
  };

  value: Watch['value'] = (module, port, value) => {
    this.values.set(portKey(module, port), value);
    return value;
  };
}
