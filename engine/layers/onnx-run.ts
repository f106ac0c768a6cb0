import type { OnnxTime } from './onnx.ts';

type Direction = 'forward' | 'reverse' | 'bidirectional';

/** One layer of a cell over a sequence. */
export interface OnnxRun {
  readonly direction: Direction;
  /** Layer of the stack, e.g. `_l0`. */
  readonly layer: string;
  /** Prefix of the names of this run's nodes and weights. */
  readonly name: string;
  /** `[time, batch, I]` */
  readonly input: string;
  readonly time: OnnxTime;
  /** Parts of the state, `[directions, batch, …]`; `null` starts from zeros. */
  readonly initial: readonly string[] | null;
  readonly want: { readonly sequence: boolean; readonly final: boolean };
}

export interface OnnxRunOutput {
  /** `[time, directions, batch, H]`, or `''` when it is not wanted. */
  readonly sequence: string;
  /** Parts of the last state, `[directions, batch, …]`; empty when it is not wanted. */
  readonly final: readonly string[];
}
