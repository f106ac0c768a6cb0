import * as tf from '@tensorflow/tfjs-core';
import { isSmallProduct } from '../kernels/linear.tf.ts';
import { type BatchSize, type ChainLayer, encodeChain, endsSequence, numbersOfStep } from '../kernels/native/chain.ts';
import {
  areChainsTrusted,
  type ChainInput,
  type ChainStep,
  hasRoomFor,
  runChain,
  trainChain,
} from '../kernels/native/chain-op.tf.ts';
import { requireFusedBackend } from '../kernels/native-ops.tf.ts';
import { areProgramsTrusted } from '../kernels/program-trust.ts';
import { parameterName } from '../layers/plan-module.ts';
import type { Random } from '../random.ts';
import { lowerPlan } from './chain.ts';
import type { Plan } from './plan.ts';

/** The op's program, a tensor once it is asked for. */
class Program {
  readonly #words: Int32Array;
  #tensor: tf.Tensor1D | null = null;

  constructor(layers: readonly ChainLayer[]) {
    this.#words = encodeChain(layers);
  }

  get tensor(): tf.Tensor1D {
    this.#tensor ??= tf.keep(tf.tensor1d(this.#words, 'int32'));
    return this.#tensor;
  }

  dispose(): void {
    this.#tensor?.dispose();
    this.#tensor = null;
  }
}

/**
 * A model whose layers follow each other in a line, as one op: the same functions as layer by layer, and so the same numbers, without
 * what a call of the backend costs for each, and on WASM without copies of what each keeps.
 */
export class Chain {
  readonly #variables: readonly tf.Variable[];
  readonly #trained: number;
  readonly #drops: number;
  readonly #inference: Program;
  readonly #training: Program;
  readonly #layers: readonly ChainLayer[];
  /** The linear maps: whether each is at every step, and its widths. */
  readonly #products: readonly { readonly perStep: boolean; readonly inputs: number; readonly outputs: number }[];
  /** Memory of weights that is shared with no other tensor, so that a step may write over it. */
  readonly #own = new WeakSet<object>();

  private constructor(layers: readonly ChainLayer[], variables: readonly tf.Variable[], trained: number) {
    this.#variables = variables;
    this.#trained = trained;
    // As `invertedDropout`, one of rate 0 draws nothing.
    const training = layers.filter((layer) => layer.kind !== 'dropout' || layer.rate > 0);
    const inference = layers.filter(({ kind }) => kind !== 'dropout');
    this.#layers = training;
    this.#drops = training.length - inference.length;
    this.#training = new Program(training);
    this.#inference = new Program(inference);
    let perStep = true;
    this.#products = layers.flatMap((layer) => {
      if (endsSequence(layer)) perStep = false;
      if (layer.kind !== 'linear') return [];
      const [outputs = 1, inputs = 1] = variables[layer.weight]?.shape ?? [];
      return [{ perStep, inputs, outputs }];
    });
  }

  /** `null` where the plan's layers are no line, or one of them cannot be lowered. */
  static of(plan: Plan, variables: ReadonlyMap<string, tf.Variable>): Chain | null {
    const specs = plan.modules.flatMap((module) =>
      module.parameters.map((spec) => ({ name: parameterName(module, spec), trainable: spec.trainable })),
    );
    const trained = specs.filter(({ trainable }) => trainable);
    const names = [...trained, ...specs.filter(({ trainable }) => !trainable)].map(({ name }) => name);
    const layers = lowerPlan(plan, names);
    return (
      layers &&
      new Chain(
        layers,
        names.flatMap((name) => variables.get(name) ?? []),
        trained.length,
      )
    );
  }

  /**
   * Whether it is the way for a batch: on a backend that has these ops in use, and memory for all layers at once, but for large products,
   * which TensorFlow makes as well.
   */
  fits({ steps, rows }: BatchSize): boolean {
    if (!areChainsTrusted()) return false;
    if (this.#layers.some(({ kind }) => kind === 'program') && !areProgramsTrusted(tf.getBackend())) return false;
    const shapes = this.#variables.map(({ shape }) => shape);
    if (!hasRoomFor(numbersOfStep(this.#layers, shapes, { steps, rows }))) return false;
    return this.#products.every(({ perStep, inputs, outputs }) => isSmallProduct(perStep ? steps * rows : rows, inputs, outputs));
  }

  /** What the head gives, as `Model.forward`. */
  forward(input: ChainInput): tf.Tensor {
    return runChain(this.#inference.tensor, input, this.#variables);
  }

  /**
   * A step of training, which writes over the weights.
   *
   * @param chance of dropout
   */
  train(input: ChainInput, chance: Random, step: Omit<ChainStep, 'keys' | 'trained'>): tf.Tensor1D {
    for (const variable of this.#variables.slice(0, this.#trained)) this.#makeOwn(variable);
    return tf.tidy(() => {
      const drawn = Int32Array.from({ length: this.#drops }, () => chance.nextUint32());
      const keys = drawn.length === 0 ? null : tf.tensor1d(drawn, 'int32');
      return trainChain(this.#training.tensor, input, this.#variables, { ...step, keys, trained: this.#trained });
    });
  }

  dispose(): void {
    this.#inference.dispose();
    this.#training.dispose();
  }

  #makeOwn(variable: tf.Variable): void {
    if (this.#own.has(variable.dataId)) return;
    const backend = requireFusedBackend();
    const type = { name: 'T', type: backend.binding.TF_ATTR_TYPE, value: backend.binding.TF_FLOAT };
    const copy = backend.executeSingleOutput('DeepCopy', [type], [variable]);
    variable.assign(copy);
    copy.dispose();
    this.#own.add(variable.dataId);
  }
}
