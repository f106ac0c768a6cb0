import { f1Score } from './class-counts.ts';

/** A contiguous span of steps of one kind; `end` is past its last step. */
export interface Entity {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
}

type TagScheme = 'prefixed' | 'runs';

/**
 * How tag names mark entities: `B-PER I-PER O` and its relatives (IOB, BIO, BILOU, BIOES), or plain names beside an outside tag
 * `O` or `0`, where an entity is a run of one tag. `null` when every step has a tag of its own, as parts of speech do.
 */
export function tagScheme(names: readonly string[]): TagScheme | null {
  const marked = names.filter((name) => !isOutside(name));
  if (marked.length === 0 || marked.length === names.length) return null;
  return marked.every((name) => prefixed.test(name)) ? 'prefixed' : 'runs';
}

const prefixed = /^[BIELSUM][-_].+$/;
const isOutside = (name: string): boolean => name === 'O' || name === '0' || name === 'o';

/** Entities in one sequence of tags, by the rules of conlleval: an `I-X` after anything but X starts an entity too. */
export function entities(tags: readonly string[], scheme: TagScheme): Entity[] {
  const found: Entity[] = [];
  let open: { kind: string; start: number } | null = null;
  const close = (end: number): void => {
    if (open) found.push({ ...open, end });
    open = null;
  };
  tags.forEach((tag, at) => {
    if (isOutside(tag)) {
      close(at);
      return;
    }
    const kind: string = scheme === 'prefixed' ? tag.slice(2) : tag;
    const mark = scheme === 'prefixed' ? tag.charAt(0) : 'I';
    if (open === null || open.kind !== kind || mark === 'B' || mark === 'S' || mark === 'U') {
      close(at);
      open = { kind, start: at };
    }
    if (mark === 'E' || mark === 'L' || mark === 'S' || mark === 'U') close(at + 1);
  });
  close(tags.length);
  return found;
}

/** Exact-match counts over sequences: an entity counts when its span and its kind are both right. */
export class EntityCounts {
  readonly #names: readonly string[];
  readonly #scheme: TagScheme;
  #hits = 0;
  #predicted = 0;
  #support = 0;

  constructor(names: readonly string[], scheme: TagScheme) {
    this.#names = names;
    this.#scheme = scheme;
  }

  /** Tag ids of one sequence, padding left out. */
  add(target: ArrayLike<number>, predicted: ArrayLike<number>): void {
    const name = (id: number): string => this.#names[id] ?? 'O';
    const real = entities(Array.from(target, name), this.#scheme);
    const said = entities(Array.from(predicted, name), this.#scheme);
    const key = (entity: Entity): string => `${entity.start} ${entity.end} ${entity.kind}`;
    const keys = new Set(real.map(key));
    this.#support += real.length;
    this.#predicted += said.length;
    this.#hits += said.filter((entity) => keys.has(key(entity))).length;
  }

  scores(): { precision: number; recall: number; f1: number } {
    return f1Score(this.#hits, this.#predicted, this.#support);
  }
}
