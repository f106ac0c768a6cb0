import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensor } from '../files/safetensors.ts';
import type { StateParts } from '../kernels/recurrence.tf.ts';
import type { CarriedStates } from '../layers/builder.tf.ts';

type LayerStates = readonly StateParts[];

const prefix = 'carried.';

/**
 * States of a running text's streams, handed from each batch to the next (truncated back-propagation through time, row L16): their
 * values live on, gradients end at the border of a chunk.
 */
export class RunningStates implements CarriedStates {
  #held = new Map<string, LayerStates>();
  #next = new Map<string, LayerStates>();
  #rows = 0;

  /** Opens a batch. Streams that have ended are the last rows: their states are left out. */
  begin(rows: number): void {
    this.#rows = rows;
  }

  read(module: string): LayerStates | null {
    const held = this.#held.get(module);
    if (held === undefined) return null;
    const rows = this.#rows;
    return held.map((parts) => parts.map((part) => (part.shape[0] === rows ? part : part.slice([0, 0], [rows, -1]))));
  }

  write(module: string, state: LayerStates): void {
    dispose(this.#next.get(module));
    this.#next.set(
      module,
      state.map((parts) => parts.map((part) => tf.keep(tf.clone(part)))),
    );
  }

  /** Row r goes on where row `order[r]` was. */
  select(order: readonly number[]): void {
    const index = tf.tensor1d(Int32Array.from(order), 'int32');
    for (const [module, state] of this.#held) {
      this.#held.set(
        module,
        state.map((parts) => parts.map((part) => tf.keep(tf.gather(part, index)))),
      );
      dispose(state);
    }
    index.dispose();
  }

  /** Closes the batch: what was written is what the next one reads. */
  advance(): void {
    for (const state of this.#held.values()) dispose(state);
    this.#held = this.#next;
    this.#next = new Map();
  }

  /** Forgets everything: the next batch starts from zeros. */
  reset(): void {
    this.advance();
    this.advance();
  }

  /** As they are saved in a checkpoint: `carried.<module>.<layer>.<part>`. */
  async save(): Promise<Map<string, NamedTensor>> {
    const saved = new Map<string, NamedTensor>();
    for (const [module, state] of this.#held) {
      for (const [layer, parts] of state.entries()) {
        for (const [index, part] of parts.entries()) {
          const data = Float32Array.from(await part.data());
          saved.set(`${prefix}${module}.${layer}.${index}`, { dtype: 'F32', shape: part.shape, data });
        }
      }
    }
    return saved;
  }

  /** Takes the states of a checkpoint up again. */
  load(tensors: ReadonlyMap<string, NamedTensor>): void {
    this.reset();
    const found = new Map<string, tf.Tensor2D[][]>();
    for (const [name, { data, shape }] of tensors) {
      if (!name.startsWith(prefix)) continue;
      const [module = '', layer = '0', index = '0'] = name.slice(prefix.length).split('.');
      const layers = found.get(module) ?? [];
      found.set(module, layers);
      const parts = layers[Number(layer)] ?? [];
      layers[Number(layer)] = parts;
      parts[Number(index)] = tf.keep(tf.tensor2d(Float32Array.from(data), [shape[0] ?? 0, shape[1] ?? 0]));
    }
    this.#held = found;
  }
}

function dispose(state: LayerStates | undefined): void {
  for (const part of state?.flat() ?? []) part.dispose();
}
