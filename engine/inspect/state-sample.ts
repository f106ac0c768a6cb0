import type { TokenizerSettings } from '../document/data-binding.ts';
import type { SplitName } from '../document/split-names.ts';
import { UserError } from '../protocol/envelope.ts';
import type { InspectedWeights, Place } from '../protocol/inspect.ts';
import type { UnitSample } from '../protocol/inspect-units.ts';
import type { AskedCell } from './analysis/questions.ts';
import type { Array32 } from './arrays.tf.ts';
import type { KeptRecurrence } from './trace.tf.ts';

/** A sequence of a sample, on the time axis of the cell. */
export interface SampledSequence {
  /** Row of its split. */
  readonly example: number;
  /** Place of its first step among those of all sequences. */
  readonly start: number;
  /** Empty where a step has none. */
  readonly words: readonly string[];
  /** Class of the whole; `null` where it has none. */
  readonly label: number | null;
}

/** One line of a cell at every step of many sequences, S steps in all, without padding. */
export interface StateSample {
  readonly run: string;
  readonly weights: InspectedWeights;
  /** The training step that the weights are of. */
  readonly step: number;
  readonly split: SplitName;
  /** Its examples are parts of one text. */
  readonly running: boolean;
  /** Examples in the split. */
  readonly of: number;
  readonly place: Place;
  readonly line: { readonly name: string; readonly range: '0..1' | '-1..1' | 'free' };
  /** Of the words. */
  readonly level: TokenizerSettings['level'];
  readonly sequences: readonly SampledSequence[];
  /** H */
  readonly units: number;
  /** `[S, H]`, in memory that threads share. */
  readonly values: Float32Array;
  /** Each step's label as an index of `classes`, −1 where it has none `[S]`; `null` where no step has one. */
  readonly labels: Int32Array | null;
  readonly labelKind: 'class' | 'tag' | 'next' | null;
  readonly classes: readonly string[];
  /** −log p in nats of the token that stands at a step, or of its tag; NaN where nothing was said before `[S]`. */
  readonly surprise: Float32Array | null;
  readonly ended: UnitSample['ended'];
  /** For fixed points: the cell with its weights, states after some of the steps `[n, all parts]`, and the mean of what it reads. */
  readonly cell: AskedCell;
  readonly starts: { readonly rows: number; readonly width: number; readonly data: Float64Array };
  readonly meanInput: Float64Array;
}

/** A line that a trace has of the cell that a sample is of `[T, width]`. @throws UserError `not-traced` where it is of another cell */
export function lineOfSameCell({ values }: KeptRecurrence, name: string, width: number): Array32 {
  const line = values.get(name);
  if (line?.shape[1] === width) return line;
  throw new UserError({
    code: 'not-traced',
    message: 'The sentence was read by another cell than the text.',
    hint: 'Read the text again.',
  });
}

/** The last samples by their names, so many bytes of them; those used last go last. */
export class SampleStore {
  readonly #mostBytes: number;
  readonly #samples = new Map<string, StateSample>();
  #made = 0;

  constructor(mostBytes = 256 * 1024 * 1024) {
    this.#mostBytes = mostBytes;
  }

  /** @returns the sample's name */
  add(sample: StateSample): string {
    this.#made += 1;
    const id = `sample-${this.#made}`;
    this.#samples.set(id, sample);
    let bytes = [...this.#samples.values()].reduce((sum, one) => sum + bytesOf(one), 0);
    for (const [oldest, one] of this.#samples) {
      if (oldest === id || bytes <= this.#mostBytes) break;
      this.#samples.delete(oldest);
      bytes -= bytesOf(one);
    }
    return id;
  }

  /** @throws UserError `no-sample` */
  get(id: string): StateSample {
    const sample = this.#samples.get(id);
    if (sample === undefined)
      throw new UserError({ code: 'no-sample', message: 'What was read is no longer kept.', hint: 'Read the text again.' });
    this.#samples.delete(id);
    this.#samples.set(id, sample);
    return sample;
  }
}

/** Words are shared with the vocabulary: a reference each. */
const bytesOf = ({ values, labels, surprise, starts, units }: StateSample): number =>
  values.byteLength +
  (labels?.byteLength ?? 0) +
  (surprise?.byteLength ?? 0) +
  starts.data.byteLength +
  8 * (values.length / Math.max(1, units));
