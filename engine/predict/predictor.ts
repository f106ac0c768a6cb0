import type { Model } from '../compile/materialize.tf.ts';
import type { DataEncoding } from '../data/dataset.ts';

/** A trained model with what it takes to read its input and its output. */
export interface Predictor {
  readonly model: Model;
  readonly encoding: DataEncoding;
}
