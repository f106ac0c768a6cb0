import * as tf from '@tensorflow/tfjs-core';
import { type NodeId, phases, type StepGraph } from '../../cells/step/graph.ts';
import { at } from '../timeline.tf.ts';
import type { Values } from './values.tf.ts';

/** Values of all steps `[T·B, F]`, looked at one step at a time. */
export class Slices {
  readonly #graph: StepGraph;
  readonly #all: Values;
  readonly #steps: number;
  readonly #cut = new Map<string, readonly tf.Tensor2D[]>();

  constructor(graph: StepGraph, all: Values, steps: number) {
    this.#graph = graph;
    this.#all = all;
    this.#steps = steps;
  }

  /** A node at a step `[B, F]`, or `[1, F]` where all rows share it. */
  at(t: number): (id: NodeId) => tf.Tensor2D {
    return (id) => (this.#graph.phase(id) === phases.parameter ? this.#all.get(id) : this.#step([id], t));
  }

  /** Several of them side by side. */
  joinedAt(t: number): (ids: readonly NodeId[]) => tf.Tensor2D {
    return (ids) => (ids.every((id) => this.#graph.phase(id) === phases.parameter) ? this.#all.joined(ids) : this.#step(ids, t));
  }

  #step(ids: readonly NodeId[], t: number): tf.Tensor2D {
    const key = ids.join(' ');
    const known = this.#cut.get(key);
    if (known !== undefined) return at(known, t);
    const whole = this.#all.joined(ids);
    const cut = tf.unstack(whole.reshape([this.#steps, -1, whole.shape[1]])) as tf.Tensor2D[];
    this.#cut.set(key, cut);
    return at(cut, t);
  }
}
