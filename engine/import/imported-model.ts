import type { Plan } from '../compile/plan.ts';
import type { DataEncoding } from '../data/dataset.ts';
import type { UnrollDocument } from '../document/schema.ts';
import type { NamedTensor } from '../files/safetensors.ts';

/** A trained model that came from outside, in the app's own terms. */
export interface ImportedModel {
  readonly document: UnrollDocument;
  readonly plan: Plan;
  readonly encoding: DataEncoding;
  /** By the app's names `module.param`. */
  readonly weights: ReadonlyMap<string, NamedTensor>;
  /** What was guessed or added, and what to check; sentences. */
  readonly notes: readonly string[];
}
