import type { Calculation } from '../../../cells/program/format.ts';
import type { Value } from '../../../cells/program/value.ts';
import type { Memory } from './memory.ts';

/** A value and where it is to lie. */
export interface Store {
  readonly value: Value;
  readonly to: Memory;
  /** Of the place: one number a row is repeated. 0: one number a row. */
  readonly width: number;
}

/** What is computed before the next barrier: within a stage a thread sees of other units only what lies in memory. */
export interface Stage {
  /** Where a value lies when the stage begins; `null`: nowhere, or it is not there yet. */
  memory(value: Value): Memory | null;
  readonly stores: readonly Store[];
}

/** How a value is read: at the reader's own unit, or at all units. */
interface Reading {
  readonly of: Value;
  readonly whole: boolean;
}

/** What recomputing a value for all units, in each thread, may cost at most before it is worth a stage of its own. */
const inlineLimit = 16;
const costly: ReadonlySet<Calculation> = new Set(['sigmoid', 'tanh', 'softplus', 'exp', 'log', 'sqrt', 'divide']);

interface Wanted {
  readonly outputs: readonly Store[];
  /** Where a value lies from the start. */
  known(value: Value): Memory | null;
  /**
   * A place for a value that later stages read.
   *
   * @param last whether the last stage reads it at all units
   */
  place(value: Value, last: boolean): Memory;
}

/**
 * Deals what is wanted to as few stages as there can be. A product needs all units of its operand in memory, a value that is gathered over units
 * all units of what it is made from; apart from that a thread has what it needs.
 */
export function dealToStages(wanted: Wanted): readonly Stage[] {
  return new Dealing(wanted).stages();
}

class Dealing {
  readonly #wanted: Wanted;
  readonly #earliest = new Map<Value, number>();
  readonly #level = new Map<Value, number>();
  readonly #inline = new Map<Value, { readonly stage: number; readonly cost: number; readonly stored: boolean }>();

  constructor(wanted: Wanted) {
    this.#wanted = wanted;
  }

  stages(): readonly Stage[] {
    const order = this.#order();
    this.#delay(order);
    const stores = this.#stores(order);
    const count = Math.max(0, ...stores.map(({ value }) => this.#at(value))) + 1;
    const places = new Map<Value, Memory>();
    for (const { value, to } of stores) if (!places.has(value) && to.kind !== 'carry') places.set(value, to);
    return Array.from({ length: count }, (_, stage) => ({
      memory: (value) => this.#wanted.known(value) ?? (this.#at(value) < stage ? (places.get(value) ?? null) : null),
      stores: stores.filter(({ value }) => this.#at(value) === stage),
    }));
  }

  #at(value: Value): number {
    return this.#level.get(value) ?? 0;
  }

  #isLeaf(value: Value): boolean {
    return value.kind === 'given' || this.#wanted.known(value) !== null;
  }

  #readings(value: Value): readonly Reading[] {
    if (this.#isLeaf(value)) return [];
    switch (value.kind) {
      case 'given':
        return [];
      case 'calculation':
        return value.from.map((of) => ({ of, whole: false }));
      case 'sum':
        return [
          ...value.terms.map(({ of }) => ({ of, whole: true })),
          ...(value.start === null ? [] : [{ of: value.start, whole: false }]),
        ];
      case 'reduction':
        return this.#gathered(value.of);
    }
  }

  /** What a loop over all units reads to compute a value at each of them. */
  #gathered(value: Value): readonly Reading[] {
    if (value.width === 0) return [{ of: value, whole: false }];
    if (this.#wanted.known(value) !== null || this.#inlined(value).stored) return [{ of: value, whole: true }];
    return value.kind === 'calculation' ? value.from.flatMap((part) => this.#gathered(part)) : [{ of: value, whole: true }];
  }

  /** The first stage in which a loop can have a value, what that costs, and whether it has to be stored for it. */
  #inlined(value: Value): { readonly stage: number; readonly cost: number; readonly stored: boolean } {
    const found = this.#inline.get(value) ?? this.#howInlined(value);
    this.#inline.set(value, found);
    return found;
  }

  #howInlined(value: Value): { readonly stage: number; readonly cost: number; readonly stored: boolean } {
    if (this.#wanted.known(value) !== null) return { stage: 0, cost: 0, stored: false };
    if (value.width === 0) return { stage: this.#first(value), cost: 0, stored: false };
    const stored = { stage: this.#first(value) + 1, cost: 0, stored: true };
    if (value.kind !== 'calculation') return stored;
    const parts = value.from.map((part) => this.#inlined(part));
    const cost = parts.reduce((sum, part) => sum + part.cost, costly.has(value.operation) ? 8 : 1);
    const stage = Math.max(...parts.map((part) => part.stage));
    return cost > inlineLimit || stored.stage <= stage ? stored : { stage, cost, stored: false };
  }

  /** The first stage in which a thread can have a value at its own unit. */
  #first(value: Value): number {
    const known = this.#earliest.get(value);
    if (known !== undefined) return known;
    const first = Math.max(0, ...this.#readings(value).map(({ of, whole }) => this.#first(of) + this.#barrier(of, whole)));
    this.#earliest.set(value, first);
    return first;
  }

  #barrier(of: Value, whole: boolean): 0 | 1 {
    return whole && this.#wanted.known(of) === null ? 1 : 0;
  }

  /** Everything that is computed, parts first. */
  #order(): readonly Value[] {
    const order: Value[] = [];
    const seen = new Set<Value>();
    const visit = (value: Value): void => {
      if (seen.has(value)) return;
      seen.add(value);
      for (const { of } of this.#readings(value)) visit(of);
      order.push(value);
    };
    for (const { value } of this.#wanted.outputs) visit(value);
    for (const value of order) this.#level.set(value, this.#first(value));
    return order;
  }

  /** Moves what only later stages read into these, where that leaves nothing more to be kept from stage to stage. */
  #delay(order: readonly Value[]): void {
    const backwards = [...order].reverse();
    const first = new Map(this.#level);
    const latest = this.#bounded(backwards, (value, bound) => bound ?? first.get(value) ?? 0);
    for (const value of order) {
      const target = latest.get(value) ?? this.#at(value);
      const ready = ({ of, whole }: Reading): boolean => whole || this.#wanted.known(of) !== null || this.#at(of) === target;
      if (value.kind !== 'given' && this.#readings(value).every(ready)) this.#level.set(value, target);
    }
    // What reads it may have stayed.
    const stayed = this.#bounded(backwards, (value, bound) => Math.min(this.#at(value), bound ?? Number.POSITIVE_INFINITY));
    for (const [value, level] of stayed) this.#level.set(value, level);
  }

  /**
   * A stage for each value, readers first.
   *
   * @param choose given the last stage that its readers leave it; none where nothing reads it
   */
  #bounded(backwards: readonly Value[], choose: (value: Value, bound: number | undefined) => number): ReadonlyMap<Value, number> {
    const bounds = new Map<Value, number>();
    const chosen = new Map<Value, number>();
    for (const value of backwards) {
      const at = choose(value, bounds.get(value));
      chosen.set(value, at);
      for (const { of, whole } of this.#readings(value))
        bounds.set(of, Math.min(bounds.get(of) ?? Number.POSITIVE_INFINITY, at - this.#barrier(of, whole)));
    }
    return chosen;
  }

  /** What is wanted, and what a later stage reads of an earlier one. */
  #stores(order: readonly Value[]): readonly Store[] {
    const { outputs, known, place } = this.#wanted;
    const last = Math.max(0, ...order.map((value) => this.#at(value)));
    // What is carried is overwritten while the next step back still reads what this one left.
    const kept = new Set(outputs.flatMap(({ value, to }) => (to.kind === 'carry' ? [] : [value])));
    const crossing = new Map<Value, boolean>();
    for (const value of order)
      for (const { of, whole } of this.#readings(value)) {
        if (known(of) !== null || this.#at(of) === this.#at(value) || (!whole && this.#isCheap(of))) continue;
        crossing.set(of, (crossing.get(of) ?? false) || (whole && this.#at(value) === last));
      }
    const between = [...crossing].flatMap(([value, whole]): readonly Store[] =>
      kept.has(value) ? [] : [{ value, to: place(value, whole), width: value.width }],
    );
    return [...outputs, ...between];
  }

  /** Whether computing it again from what lies in memory costs less than keeping it. */
  #isCheap(value: Value, depth = 2): boolean {
    if (this.#wanted.known(value) !== null) return true;
    return (
      value.kind === 'calculation' &&
      depth > 0 &&
      !costly.has(value.operation) &&
      value.from.every((part) => this.#isCheap(part, depth - 1))
    );
  }
}
