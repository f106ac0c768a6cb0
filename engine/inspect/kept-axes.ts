import type { PrincipalAxes } from './analysis/principal-axes.ts';
import type { StateSample } from './state-sample.ts';

/** Axes with what they were fitted to. */
export interface KeptAxes {
  readonly axes: PrincipalAxes;
  /** Training step of the weights. */
  readonly step: number;
  /** Steps of the sample. */
  readonly steps: number;
}

/** Cells whose axes are kept. */
const mostKept = 16;

/** The axes of each run's cells: pictures of its states at other weights are drawn on the same. */
export class AxesStore {
  readonly #kept = new Map<string, KeptAxes>();

  get(sample: StateSample): KeptAxes | null {
    const kept = this.#kept.get(keyOf(sample));
    return kept?.axes.axes.width === sample.units ? kept : null;
  }

  set(sample: StateSample, axes: KeptAxes): void {
    const key = keyOf(sample);
    this.#kept.delete(key);
    this.#kept.set(key, axes);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= mostKept) break;
      this.#kept.delete(oldest);
    }
  }
}

const keyOf = ({ run, place, line }: StateSample): string => JSON.stringify([run, place, line.name]);
