import { type Operation, type Place, placeNumber } from './format.ts';
import type { Run } from './runs.ts';
import { partsOf, type Term, type Value } from './value.ts';

/** One step of a run, number by number. `c` is there for operations with three operands. */
export interface RegisterInstruction {
  readonly operation: Operation;
  readonly to: Place;
  readonly from: readonly Place[];
}

/** A run with a place for each of its values. */
export interface PlacedRun {
  readonly width: number;
  /** Sums of products, each with what it begins with; `null`: zero. */
  readonly targets: readonly (Place | null)[];
  readonly products: readonly {
    readonly of: Place;
    readonly matrix: number;
    readonly turned: boolean;
    readonly target: number;
  }[];
  readonly instructions: readonly RegisterInstruction[];
}

export interface Placed {
  readonly runs: readonly PlacedRun[];
  /** Widths of the buffers that live within a step; 0: one number a row. */
  readonly buffers: readonly number[];
  readonly registers: number;
}

/** Gives each value of the runs a place: where it is wanted, a buffer where a later run reads it, otherwise a register. */
export function allocate(runs: readonly Run[]): Placed {
  return new Allocation(runs).placed();
}

class Allocation {
  readonly #runs: readonly Run[];
  readonly #places = new Map<Value, Place>();
  /** The last run that reads a value from another run, or all units of it. */
  readonly #lastRun = new Map<Value, number>();
  readonly #buffers: number[] = [];
  readonly #freeBuffers = new Map<number, number[]>();
  #registers = 0;

  constructor(runs: readonly Run[]) {
    this.#runs = runs;
    const home = new Map<Value, number>();
    for (const [index, run] of runs.entries()) for (const value of run.values) home.set(value, index);
    const read = (value: Value, index: number): void => {
      if (home.get(value) !== index) this.#lastRun.set(value, Math.max(index, this.#lastRun.get(value) ?? 0));
    };
    for (const [index, run] of runs.entries()) {
      for (const value of run.values) for (const part of partsOf(value)) read(part, index);
      for (const { value } of run.outputs) read(value, index);
    }
  }

  placed(): Placed {
    const runs = this.#runs.map((run, index) => {
      const placed = this.#run(run, index);
      for (const [value, last] of this.#lastRun) if (last === index) this.#free(value);
      return placed;
    });
    return { runs, buffers: this.#buffers, registers: this.#registers };
  }

  #free(value: Value): void {
    const place = this.#places.get(value);
    if (place?.kind === 'buffer')
      this.#freeBuffers.set(value.width, [...(this.#freeBuffers.get(value.width) ?? []), place.index]);
  }

  #buffer(width: number): Place {
    const free = this.#freeBuffers.get(width)?.pop();
    return { kind: 'buffer', index: free ?? this.#buffers.push(width) - 1 };
  }

  #place(value: Value): Place {
    if (value.kind === 'given') return value.place;
    const place = this.#places.get(value);
    if (place === undefined) throw new Error('a value is read before it is computed');
    return place;
  }

  #run({ width, values, outputs }: Run, index: number): PlacedRun {
    const targets: (Place | null)[] = [];
    const products: PlacedRun['products'][number][] = [];
    const instructions: RegisterInstruction[] = [];
    const registers = new Registers(values);
    const copied = new Set<Value>();
    const wanted = (value: Value): readonly Place[] =>
      outputs.filter((output) => output.value === value).map(({ place }) => place);
    const copies = (value: Value, from: Place): void => {
      copied.add(value);
      for (const place of wanted(value)) if (placeNumber(place) !== placeNumber(from)) instructions.push(copyTo(place, from));
    };
    for (const value of values) {
      if (value.kind === 'given') continue;
      const outside = this.#lastRun.has(value);
      if (value.kind === 'sum') {
        const target = targets.push(value.start === null ? null : this.#place(value.start)) - 1;
        products.push(...value.terms.map((term) => this.#product(term, target)));
        const sum: Place = { kind: 'target', index: target };
        this.#places.set(value, sum);
        if (outside) {
          const kept = wanted(value).find(({ kind }) => kind !== 'rowSum') ?? this.#buffer(value.width);
          instructions.push(copyTo(kept, sum));
          this.#places.set(value, kept);
        }
        copies(value, this.#place(value));
        continue;
      }
      const parts = partsOf(value);
      const from = parts.map((part) => this.#place(part));
      const operation = value.operation;
      for (const part of parts) registers.release(part, value);
      const own = wanted(value).find(({ kind }) => kind !== 'rowSum');
      const to =
        value.kind === 'reduction' || (outside && own === undefined) ? this.#buffer(value.width) : (own ?? registers.take(value));
      this.#places.set(value, to);
      instructions.push({ operation, to, from });
      if (value.kind !== 'reduction') copies(value, to);
    }
    for (const { value } of outputs) if (!copied.has(value)) copies(value, this.#place(value));
    this.#registers = Math.max(this.#registers, registers.most);
    if (index < 0) throw new Error('no such run');
    return { width, targets, products, instructions };
  }

  #product({ matrix, turned, of }: Term, target: number): PlacedRun['products'][number] {
    return { of: this.#place(of), matrix, turned, target };
  }
}

function copyTo(to: Place, from: Place): RegisterInstruction {
  return { operation: to.kind === 'rowSum' ? 'sumRows' : 'copy', to, from: [from] };
}

/** Registers of one run: one is free again when the last value that reads it is computed. */
class Registers {
  most = 0;
  readonly #last = new Map<Value, Value>();
  readonly #held = new Map<Value, number>();
  readonly #free: number[] = [];

  constructor(values: readonly Value[]) {
    for (const value of values) for (const part of partsOf(value)) this.#last.set(part, value);
  }

  take(value: Value): Place {
    const index = this.#free.pop() ?? this.most++;
    this.#held.set(value, index);
    return { kind: 'register', index };
  }

  /** Before `reader` takes its own register: what it writes may lie where it reads. */
  release(part: Value, reader: Value): void {
    const index = this.#held.get(part);
    if (index === undefined || this.#last.get(part) !== reader) return;
    this.#held.delete(part);
    this.#free.push(index);
  }
}
