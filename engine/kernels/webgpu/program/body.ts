import type { Sum, Value } from '../../../cells/program/value.ts';
import { type Address, addressOf, type Layout } from './addresses.ts';
import { type BufferName, blocksOf, type Memory } from './memory.ts';
import type { Stage, Store } from './stages.ts';
import { calculations, literal, lowest, zero } from './wgsl.ts';

/** Where a stage's code stands: what its shader writes, and where and when it computes. */
export interface Place {
  readonly layout: Layout;
  /** The buffer that the shader writes; it is `result` there. */
  readonly target: BufferName;
  /** Notes a buffer that is read. */
  uses(buffer: Address['buffer']): void;
  /** A name that no other value has. */
  fresh(): string;
}

/** WGSL of the gradient of a part of the state after the step, in a thread's register. */
export const gradientName = (part: number): string => `gradient${part}`;

/** Where a row's numbers begin, as WGSL. */
export function located(place: Place, memory: InBuffer, t: string, row: string): Located {
  const { buffer, index } = addressOf(place.layout, memory, t, row);
  if (buffer !== place.target) place.uses(buffer);
  return { binding: buffer === place.target ? 'result' : buffer, index };
}

export type InBuffer = Exclude<Memory, { kind: 'constant' }>;

export interface Located {
  readonly binding: string;
  /** Of the row's first block. */
  readonly index: string;
}

/** WGSL of what one thread computes of a stage for one row: four units at its own place, and what is gathered over all of them. */
export class Body {
  readonly lines: string[] = [];
  readonly #place: Place;
  readonly #stage: Stage;
  readonly #t: string;
  /** WGSL of sums of products, which are made for several rows at once before. */
  readonly #sums: ReadonlyMap<Sum, string>;
  readonly #names = new Map<Value, string>();
  readonly #gathered: readonly (readonly Reduction[])[];

  /** @param t WGSL of the step */
  constructor(place: Place, stage: Stage, stores: readonly Store[], sums: ReadonlyMap<Sum, string>, t: string) {
    this.#place = place;
    this.#stage = stage;
    this.#t = t;
    this.#sums = sums;
    this.#gathered = gatheredTogether(stage, stores);
  }

  /** The name of a value at the thread's own unit. */
  read(value: Value): string {
    const known = this.#names.get(value);
    if (known !== undefined) return known;
    const name = this.#plain(value) ?? this.#named(this.#made(value));
    this.#names.set(value, name);
    return name;
  }

  /** What needs no name of its own. */
  #plain(value: Value): string | null {
    const memory = this.#stage.memory(value);
    if (memory?.kind === 'constant') return literal(memory.value);
    if (memory !== null) return null;
    if (value.kind === 'given' && value.place.kind === 'gradient') return gradientName(value.place.index);
    if (value.kind === 'sum' && value.start === null) return this.#sum(value);
    return null;
  }

  #named(code: string): string {
    const name = this.#place.fresh();
    this.lines.push(`let ${name} = ${code};`);
    return name;
  }

  /** Four units out of memory; where there is one number for all units, it is repeated. */
  #loaded(memory: InBuffer, { width }: Value, unit: string): string {
    const { binding, index } = located(this.#place, memory, this.#t, 'row');
    const read = `${binding}[${index}${width === 0 ? '' : ` + ${unit}`}]`;
    return width === 0 && memory.kind === 'vector' ? `vec4<f32>(${read}.x)` : read;
  }

  #sum(value: Sum): string {
    const sum = this.#sums.get(value);
    if (sum === undefined) throw new Error('a product is not made before it is read');
    return sum;
  }

  #made(value: Value): string {
    const memory = this.#stage.memory(value);
    if (memory !== null && memory.kind !== 'constant') return this.#loaded(memory, value, 'unit');
    switch (value.kind) {
      case 'given':
        throw new Error(`${value.place.kind} lies nowhere`);
      case 'sum':
        return value.start === null ? this.#sum(value) : `${this.#sum(value)} + ${this.read(value.start)}`;
      case 'reduction':
        this.#gather(value);
        return this.#names.get(value) ?? '';
      case 'calculation':
        return calculated(
          value,
          value.from.map((part) => this.read(part)),
        );
    }
  }

  /** A loop over all units, for everything that can be gathered at the same time. */
  #gather(value: Reduction): void {
    const group = this.#gathered.find((members) => members.includes(value)) ?? [value];
    const width = value.of.width;
    const inside: string[] = [];
    const names = new Map<Value, string>();
    const read = (one: Value): string => {
      if (one.width === 0) return this.read(one);
      const known = names.get(one);
      if (known !== undefined) return known;
      const memory = this.#stage.memory(one);
      if (memory?.kind === 'constant') return literal(memory.value);
      const name = this.#place.fresh();
      const code = memory === null ? inlined(one, read) : this.#loaded(memory, one, 'other');
      inside.push(`let ${name} = ${code};`);
      names.set(one, name);
      return name;
    };
    const parts = group.map((member) => {
      const sum = this.#place.fresh();
      const first = member.operation === 'sumUnits' ? zero : lowest;
      const operand = read(member.of);
      const filled = width % 4 === 0 ? operand : `select(${first}, ${operand}, lanes(other, ${width}))`;
      inside.push(member.operation === 'sumUnits' ? `${sum} += ${filled};` : `${sum} = max(${sum}, ${filled});`);
      return { member, sum, first };
    });
    this.lines.push(
      ...parts.map(({ sum, first }) => `var ${sum} = ${first};`),
      `for (var other = 0; other < ${blocksOf(width)}; other++) {`,
      ...inside,
      '}',
    );
    for (const { member, sum } of parts)
      this.#names.set(member, this.#named(`${member.operation === 'sumUnits' ? 'total' : 'largest'}(${sum})`));
  }
}

type Reduction = Extract<Value, { kind: 'reduction' }>;

const calculated = (
  { operation }: Extract<Value, { kind: 'calculation' }>,
  [a = zero, b = zero, c = zero]: readonly string[],
): string => calculations[operation](a, b, c);

function inlined(value: Value, read: (part: Value) => string): string {
  if (value.kind !== 'calculation') throw new Error(`a ${value.kind} is not computed within a loop`);
  return calculated(value, value.from.map(read));
}

/** Reductions of a stage: those over the same units that do not wait for each other are gathered together. */
function gatheredTogether(stage: Stage, stores: readonly Store[]): readonly (readonly Reduction[])[] {
  const rounds = new Map<Value, number>();
  const groups = new Map<string, Reduction[]>();
  const round = (value: Value): number => {
    const known = rounds.get(value);
    if (known !== undefined) return known;
    const found = stage.memory(value) !== null ? 0 : after(value);
    rounds.set(value, found);
    return found;
  };
  const after = (value: Value): number => {
    switch (value.kind) {
      case 'given':
        return 0;
      case 'sum':
        return value.start === null ? 0 : round(value.start);
      case 'calculation':
        return Math.max(0, ...value.from.map(round));
      case 'reduction': {
        const at = round(value.of) + 1;
        const key = `${at} ${value.of.width}`;
        groups.set(key, [...(groups.get(key) ?? []), value]);
        return at;
      }
    }
  };
  for (const { value } of stores) round(value);
  return [...groups.values()];
}
