import * as tf from '@tensorflow/tfjs-core';
import { generatingPart } from '../compile/generating-part.ts';
import { type Model, toTensors } from '../compile/materialize.tf.ts';
import { RunningStates } from '../compile/running-states.tf.ts';
import { longestTurn, yieldToEvents } from '../event-loop.ts';
import { portKey } from '../graph/infer-shapes.ts';
import { type BatchTensors, type TimeAxis, timeAxis } from '../layers/batch-tensors.tf.ts';
import type { Value } from '../layers/builder.tf.ts';
import type { Watch } from '../layers/watch.tf.ts';
import type { NextTokens, TokenSource } from './token-source.ts';

type Given = ReadonlyMap<string, Value>;

/** Who looks on, by the step of what is said that comes next. */
export type WatchAt = (step: number) => Watch;

/**
 * A model that says sequences token by token. What does not depend on what was said (an encoder) has run once; the generating part
 * runs once a token over all rows, and its states are carried on. The model must live as long as this does, and keep its weights.
 */
export class ModelTokens implements TokenSource {
  readonly vocabulary: number;
  readonly #model: Model;
  readonly #generating: ReadonlySet<string>;
  readonly #states = new RunningStates();
  /** What the generating part reads of the rest, for the examples as they came. */
  readonly #encoded: Given;
  /** Of which example each row is. */
  #examples: readonly number[];
  /** `#encoded` for the rows of now. */
  #given: Given;
  /** The module whose alignment is told: the last one that attends. */
  #attending: string | null = null;
  #turn = performance.now();
  readonly #watchAt: WatchAt | null;
  /** How many steps of it were read or said. */
  #said = 0;

  /**
   * @param input one row for each sequence that will be said; `null` for a language model, which says one
   * @param watchAt looks on, and may step in; absent when nobody does
   */
  constructor(model: Model, input: Parameters<typeof toTensors>[0] | null, watchAt: WatchAt | null = null) {
    this.#model = model;
    this.#watchAt = watchAt;
    this.#generating = generatingPart(model.plan);
    const { classes } = model.plan.facts;
    if (classes === null) throw new Error('a model without a vocabulary says nothing');
    this.vocabulary = classes;
    this.#encoded = input === null ? new Map() : this.#encode(input);
    this.#examples = Array.from({ length: input?.rows ?? 1 }, (_, row) => row);
    this.#given = this.#encoded;
  }

  get rows(): number {
    return this.#examples.length;
  }

  /** Reads a prompt of one row, all of its tokens at once; what comes next is asked with `next`. */
  read(prompt: Int32Array): void {
    if (prompt.length === 0) return;
    tf.tidy(() => void this.#run(prompt, prompt.length, 1));
    this.#states.advance();
  }

  async next(tokens: Int32Array): Promise<NextTokens> {
    const rows = this.rows;
    const [logits, alignment] = tf.tidy(() => this.#run(tokens, 1, rows));
    this.#states.advance();
    if (logits === undefined) throw new Error('a model that says sequences has a head over every step');
    const values = await logits.data();
    const aligned = (await alignment?.data()) ?? null;
    logits.dispose();
    alignment?.dispose();
    if (performance.now() - this.#turn > longestTurn) {
      await yieldToEvents();
      this.#turn = performance.now();
    }
    return { logits: values, alignment: aligned && this.#perRow(aligned, rows) };
  }

  select(order: readonly number[]): void {
    this.#states.select(order);
    const examples = order.map((row) => this.#examples[row] ?? 0);
    if (examples.length === this.#examples.length && examples.every((example, row) => example === this.#examples[row])) return;
    this.#examples = examples;
    const before = this.#given;
    this.#given = selectRows(this.#encoded, examples);
    if (before !== this.#encoded) disposeAll(before);
  }

  dispose(): void {
    this.#states.reset();
    if (this.#given !== this.#encoded) disposeAll(this.#given);
    disposeAll(this.#encoded);
  }

  #encode(input: Parameters<typeof toTensors>[0]): Given {
    const { plan } = this.#model;
    const rest = new Set(plan.modules.flatMap(({ id }) => (this.#generating.has(id) ? [] : [id])));
    const read = plan.modules
      .filter(({ id }) => this.#generating.has(id))
      .flatMap(({ inputs }) => Object.values(inputs).flat())
      .filter((wire) => rest.has(wire.module))
      .map((wire) => portKey(wire.module, wire.port));
    const kept = new Map<string, Value>();
    tf.tidy(() => {
      const values = this.#model.values(toTensors(input), { dropout: null, watch: this.#watchAt?.(0) }, rest);
      for (const key of read) {
        const value = values.get(key);
        if (value) kept.set(key, value);
      }
      for (const tensor of tensorsOf(kept)) tf.keep(tensor);
    });
    return kept;
  }

  /** @returns logits `[steps, R, V]`, and the last attention's alignment `[R, steps, T]` if something attends */
  #run(tokens: Int32Array, steps: number, rows: number): tf.Tensor3D[] {
    const { plan } = this.#model;
    const time = timeAxis(steps, new Int32Array(rows).fill(steps));
    const said = tf.tensor2d(tokens, [steps, rows], 'int32');
    const input: BatchTensors =
      plan.task === 'sequence-to-sequence'
        ? { tokens: null, series: null, target: { tokens: said, time }, ...time }
        : { tokens: said, series: null, target: null, ...time };
    const alignments = new Map<string, tf.Tensor3D>();
    this.#states.begin(rows);
    const mode = { dropout: null, carried: this.#states, alignments, watch: this.#watchAt?.(this.#said) };
    this.#said += steps;
    const logits = this.#model.values(input, mode, this.#generating, this.#given).get(portKey(plan.head, 'logits'));
    const [module, alignment] = [...alignments].at(-1) ?? [];
    this.#attending = module ?? null;
    return [...(logits?.type === 'sequence' ? [logits.tensor] : []), ...(alignment ? [alignment] : [])];
  }

  /** `[R, 1, T]` row by row, without the padding of each row's memory. */
  #perRow(alignment: ArrayLike<number>, rows: number): number[][] {
    const steps = alignment.length / rows;
    const wire = this.#model.plan.modules.find(({ id }) => id === this.#attending)?.inputs['memory']?.[0];
    const memory = wire && this.#given.get(portKey(wire.module, wire.port));
    const lengths = memory?.type === 'sequence' ? memory.time.rowLengths : null;
    return Array.from({ length: rows }, (_, row) =>
      Array.from({ length: lengths?.[row] ?? steps }, (_unused, t) => alignment[row * steps + t] ?? 0),
    );
  }
}

/** The same values for other rows; time axes stay shared where they were. */
function selectRows(given: Given, order: readonly number[]): Given {
  const selected = new Map<string, Value>();
  tf.tidy(() => {
    const index = tf.tensor1d(Int32Array.from(order), 'int32');
    const axes = new Map<TimeAxis, TimeAxis>();
    const axisOf = (time: TimeAxis): TimeAxis => {
      const known = axes.get(time);
      if (known) return known;
      const made = timeAxis(
        time.steps,
        Int32Array.from(order, (row) => time.rowLengths[row] ?? 1),
      );
      axes.set(time, made);
      return made;
    };
    for (const [key, value] of given) selected.set(key, selectValue(value, index, axisOf));
    for (const tensor of tensorsOf(selected)) tf.keep(tensor);
  });
  return selected;
}

function selectValue(value: Value, index: tf.Tensor1D, axisOf: (time: TimeAxis) => TimeAxis): Value {
  switch (value.type) {
    case 'sequence':
      return { ...value, tensor: tf.gather(value.tensor, index, 1), time: axisOf(value.time) };
    case 'state':
      return { ...value, layers: value.layers.map((parts) => parts.map((part) => tf.gather(part, index))) };
    default:
      // A decoder reads a memory and states; what is merged with its own steps is said step by step, too.
      throw new Error(`what is said token by token reads no ${value.type}`);
  }
}

/** Every tensor of some values, each once. */
function tensorsOf(given: Given): ReadonlySet<tf.Tensor> {
  const found = new Set<tf.Tensor>();
  for (const value of given.values()) {
    for (const tensor of value.type === 'state' ? value.layers.flat() : [value.tensor]) found.add(tensor);
    if ('time' in value && value.time !== null) found.add(value.time.lengths).add(value.time.mask);
  }
  return found;
}

function disposeAll(given: Given): void {
  for (const tensor of tensorsOf(given)) tensor.dispose();
}
