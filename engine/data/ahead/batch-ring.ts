import { stepCount, targetCount } from '../batches.ts';
import type { Batch } from '../dataset.ts';
import type { BatchPlan } from './batch-source.ts';

/** Batches that are ready at most, the one in use included. */
export const slots = 3;

/** Words of `control`: one for each slot, and whether the reader waits. */
const waits = slots;
const empty = 0;
const full = 1;

/** Numbers in front of each slot: T, B, U, and the length of each array; -1 for one that is absent. */
const headWords = 12;

/** Shared by the thread that makes batches and the one that takes them. */
export interface RingMemory {
  readonly control: SharedArrayBuffer;
  readonly data: SharedArrayBuffer;
  readonly slotBytes: number;
}

/** Bytes of the largest batch that the plan can ask for. */
export function largestBatch({ split, features, batchSize }: BatchPlan): number {
  let steps = 1;
  let said = 1;
  for (let i = 0; i < split.count; i++) {
    steps = Math.max(steps, stepCount(split, i));
    said = Math.max(said, targetCount(split, i));
  }
  const perStep = (split.tokens ? 1 : 0) + (split.series ? (features ?? 0) : 0) + (split.tagTargets ? 1 : 0);
  const numbers = split.numberTargets ? split.numberTargets.length / Math.max(1, split.count) : 0;
  const perRow = steps * perStep + (split.targets ? 2 * said + 1 : 0) + numbers + 3;
  return 4 * (headWords + Math.min(batchSize, split.count) * Math.ceil(perRow));
}

export function ringMemory(slotBytes: number): RingMemory {
  return {
    control: new SharedArrayBuffer(4 * (slots + 1)),
    data: new SharedArrayBuffer(slots * slotBytes),
    slotBytes,
  };
}

/** The side that makes batches: a thread that may be halted. */
export class RingWriter {
  readonly #memory: RingMemory;
  readonly #control: Int32Array;
  readonly #wake: () => void;
  #next = 0;

  /** @param wake told when the reader waits for the batch just written */
  constructor(memory: RingMemory, wake: () => void) {
    this.#memory = memory;
    this.#control = new Int32Array(memory.control);
    this.#wake = wake;
  }

  /** Halts this thread until there is room. @throws RangeError for a batch that is larger than a slot. */
  write(batch: Batch): void {
    const slot = this.#next++ % slots;
    Atomics.wait(this.#control, slot, full);
    writeSlot(this.#memory, slot, batch);
    Atomics.store(this.#control, slot, full);
    if (Atomics.exchange(this.#control, waits, 0) === 1) this.#wake();
  }
}

/** The side that takes batches; never halts its thread. */
export class RingReader {
  readonly #memory: RingMemory;
  readonly #control: Int32Array;
  #next = 0;
  #held: number | null = null;

  constructor(memory: RingMemory) {
    this.#memory = memory;
    this.#control = new Int32Array(memory.control);
  }

  /** The next batch, in the ring's own memory until the next call; `null` if it is not ready: then the writer will tell. */
  read(): Batch | null {
    this.#release();
    const slot = this.#next % slots;
    if (!this.#ready(slot)) return null;
    this.#next++;
    this.#held = slot;
    return readSlot(this.#memory, slot);
  }

  #release(): void {
    if (this.#held === null) return;
    Atomics.store(this.#control, this.#held, empty);
    Atomics.notify(this.#control, this.#held);
    this.#held = null;
  }

  #ready(slot: number): boolean {
    if (Atomics.load(this.#control, slot) === full) return true;
    Atomics.store(this.#control, waits, 1);
    return Atomics.load(this.#control, slot) === full;
  }
}

function writeSlot({ data, slotBytes }: RingMemory, slot: number, batch: Batch): void {
  const { steps, rows, target } = batch;
  const head = new Int32Array(data, slot * slotBytes, headWords);
  const arrays = [
    batch.tokens,
    batch.series,
    batch.lengths,
    batch.classTargets,
    batch.tagTargets,
    batch.numberTargets,
    target?.inputs ?? null,
    target?.lengths ?? null,
    batch.examples,
  ];
  head.set([steps, rows, target?.steps ?? 0, ...arrays.map((array) => array?.length ?? -1)]);
  const bytes = 4 * (headWords + arrays.reduce((sum, array) => sum + (array?.length ?? 0), 0));
  if (bytes > slotBytes) throw new RangeError(`a batch of ${bytes} bytes does not fit where ${slotBytes} are kept for it`);
  let at = head.byteOffset + head.byteLength;
  for (const array of arrays) {
    if (array === null) continue;
    const place = new Uint8Array(data, at, array.byteLength);
    place.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    at += array.byteLength;
  }
}

function readSlot({ data, slotBytes }: RingMemory, slot: number): Batch {
  const head = new Int32Array(data, slot * slotBytes, headWords);
  const [steps = 0, rows = 0, targetSteps = 0, ...lengths] = head;
  let at = head.byteOffset + head.byteLength;
  let next = 0;
  const place = (): { readonly start: number; readonly length: number } | null => {
    const length = lengths[next++] ?? -1;
    if (length < 0) return null;
    const start = at;
    at += 4 * length;
    return { start, length };
  };
  const integers = (): Int32Array | null => {
    const found = place();
    return found && new Int32Array(data, found.start, found.length);
  };
  const numbers = (): Float32Array | null => {
    const found = place();
    return found && new Float32Array(data, found.start, found.length);
  };
  // In the order in which they were written.
  const [tokens, series, rowLengths, classTargets, tagTargets, numberTargets, inputs, targetLengths, examples] = [
    integers(),
    numbers(),
    integers(),
    integers(),
    integers(),
    numbers(),
    integers(),
    integers(),
    place(),
  ];
  return {
    steps,
    rows,
    tokens,
    series,
    lengths: rowLengths ?? new Int32Array(),
    classTargets,
    tagTargets,
    numberTargets,
    target: inputs && targetLengths ? { steps: targetSteps, inputs, lengths: targetLengths } : null,
    examples: examples ? new Uint32Array(data, examples.start, examples.length) : new Uint32Array(),
  };
}
