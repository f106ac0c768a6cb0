import type { TokenizerSettings } from '../../document/data-binding.ts';
import { textOfUnits } from './code-units.ts';
import type { ByteRule } from './kernel/ascii-kernel.ts';
import { type RulePatterns, rulePunctuation, tokenizerRule } from './rule.ts';
import { expression } from './word.ts';

/** What a code unit is to the rule; `rare` ones need more than themselves to be understood (emoji and their parts, surrogates). */
const kinds = { word: 0, space: 1, mark: 2, joiner: 3, rare: 4 } as const;

/** Kind of each code unit `[65536]`, by version of the rule. */
const kindsOf = (version: TokenizerSettings['rule']): Uint8Array => {
  const table = new Uint8Array(0x10000);
  const set = (ranges: readonly (readonly [number, number])[], kind: number): void => {
    for (const [first, last] of ranges) if (first <= 0xffff) table.fill(kind, first, Math.min(last, 0xffff) + 1);
  };
  set(tokenizerRule.space, kinds.space);
  set(rulePunctuation[version], kinds.mark);
  for (const unit of tokenizerRule.joiners) table[unit] = kinds.joiner;
  // Surrogates, variation selectors, and what joins symbols or makes a keycap of a digit.
  set([[0xd800, 0xdfff], [0xfe0e, 0xfe0f], [0x200d, 0x200d], [0x20e3, 0x20e3]], kinds.rare); // biome-ignore format: one list
  return table;
};
const tables: Partial<Record<TokenizerSettings['rule'], Uint8Array>> = {};

/** Below it, every text is its own NFC, and each unit but İ has one unit as its lower case. */
const plainUnits = 0x300;
const noPlain = 0xffff;
const lowerCase = Uint16Array.from({ length: plainUnits }, (_unused, unit) => {
  const lower = String.fromCharCode(unit).toLowerCase();
  return lower.length === 1 ? lower.charCodeAt(0) : noPlain;
});

const newline = 0x0a;
const tab = 0x09;
const blank = 0x20;

/**
 * Finds the tokens of one text after the other by the rule of `rule.ts`, as places in the code units of the normalized text: nothing
 * is cut out, so that 100 MB are read in seconds. What is rare is left to the rule's own expression; both give the same.
 */
export class TextScanner {
  /** Code units of the text that was scanned last, normalized: NFC, in lower case if the settings say so. */
  units = new Uint16Array(512);
  /** Where each of its tokens begins, and where it ends `[tokens]`. */
  starts = new Uint32Array(128);
  ends = new Uint32Array(128);
  readonly #kinds: Uint8Array;
  readonly #lowercase: boolean;
  readonly #pattern: keyof RulePatterns | null;
  readonly #rule: TokenizerSettings['rule'];
  #length = 0;

  /** @param running whether line ends and indentation are words, too; at level `subword` the parts to be cut are found */
  constructor({ level, lowercase, rule }: Pick<TokenizerSettings, 'level' | 'lowercase' | 'rule'>, running: boolean) {
    this.#pattern = level === 'character' ? null : level === 'subword' ? 'part' : running ? 'running' : 'word';
    this.#lowercase = lowercase;
    this.#rule = rule;
    const table = tables[rule] ?? kindsOf(rule);
    tables[rule] = table;
    this.#kinds = table;
  }

  /** @returns how many tokens were found, at most `limit` */
  scan(text: string, limit: number): number {
    let normalized = text;
    if (!this.#loadPlain(text)) {
      normalized = text.normalize(tokenizerRule.normalization);
      if (this.#lowercase) normalized = normalized.toLowerCase();
      this.#make(normalized.length);
      for (let i = 0; i < normalized.length; i++) this.units[i] = normalized.charCodeAt(i);
    }
    const found = this.#pattern === null ? this.#characters(limit) : this.#tokens(this.#pattern, limit);
    if (found >= 0) return found;
    // What is plain holds nothing rare.
    return this.#search(normalized, limit);
  }

  /** The same of a text of ASCII in a range of bytes. */
  scanAscii(bytes: Uint8Array, start: number, end: number, limit: number): number {
    this.loadAscii(bytes, start, end);
    return this.#pattern === null ? this.#characters(limit) : this.#tokens(this.#pattern, limit);
  }

  /** The units of a range of ASCII, without their tokens. @returns how many */
  loadAscii(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start;
    this.#make(length);
    const { units } = this;
    if (this.#lowercase) for (let i = 0; i < length; i++) units[i] = lowerCase[bytes[start + i] ?? 0] ?? 0;
    else for (let i = 0; i < length; i++) units[i] = bytes[start + i] ?? 0;
    return length;
  }

  /** What `scanAscii` goes by, for a kernel that does the same. */
  get byteRule(): ByteRule {
    const bytes = Uint8Array.from({ length: 0x80 }, (_unused, byte) => byte);
    const folded = bytes.map((byte) => (this.#lowercase ? (lowerCase[byte] ?? 0) : byte));
    return { pattern: this.#pattern ?? 'character', folded, kinds: folded.map((byte) => this.#kinds[byte] ?? 0) };
  }

  /** The token at an index of the text that was scanned last. */
  text(token: number): string {
    return textOfUnits(this.units, this.starts[token] ?? 0, this.ends[token] ?? 0);
  }

  /** The text, in lower case if asked, where each unit is its own NFC and has one unit as its lower case. @returns whether each has */
  #loadPlain(text: string): boolean {
    const { length } = text;
    this.#make(length);
    const { units } = this;
    const lowercase = this.#lowercase;
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      const lower = lowerCase[unit] ?? noPlain;
      if (lower === noPlain) return false;
      units[i] = lowercase ? lower : unit;
    }
    return true;
  }

  #make(length: number): void {
    if (length > this.units.length) this.units = new Uint16Array(2 * length);
    this.#length = length;
  }

  /** Code points. */
  #characters(limit: number): number {
    const { units } = this;
    let count = 0;
    for (let at = 0; at < this.#length && count < limit; count++) {
      const unit = units[at] ?? 0;
      const next = units[at + 1] ?? 0;
      const pair = unit >= 0xd800 && unit < 0xdc00 && at + 1 < this.#length && next >= 0xdc00 && next < 0xe000;
      this.#put(count, at, at + (pair ? 2 : 1));
      at += pair ? 2 : 1;
    }
    return count;
  }

  /** Matches of the rule's expression, or -1 where a rare unit is met before the limit is. */
  #tokens(pattern: keyof RulePatterns, limit: number): number {
    const kindOf = this.#kinds;
    const { units } = this;
    const end = this.#length;
    let count = 0;
    let at = 0;
    while (at < end && count < limit) {
      const start = at;
      let kind = kindOf[units[at] ?? 0] ?? 0;
      if (kind === kinds.space) {
        const unit = units[at] ?? 0;
        at++;
        if (pattern === 'word') continue;
        if (pattern === 'running') {
          if (unit !== newline) {
            if ((unit !== blank && unit !== tab) || (start > 0 && units[start - 1] !== newline)) continue;
            while (at < end && (units[at] === blank || units[at] === tab)) at++;
          }
          this.#put(count++, start, at);
          continue;
        }
        kind = at < end && unit === blank ? (kindOf[units[at] ?? 0] ?? 0) : kinds.space;
        if (kind === kinds.space) {
          this.#put(count++, start, at);
          continue;
        }
      }
      if (kind === kinds.mark || kind === kinds.joiner) at++;
      else {
        at = this.#word(at, end);
        // Of two joined words the second begins behind the joiner.
        while (at + 1 < end && kindOf[units[at] ?? 0] === kinds.joiner && kindOf[units[at + 1] ?? 0] === kinds.word)
          at = this.#word(at + 1, end);
      }
      const after = kindOf[units[at] ?? 0];
      if (
        kind === kinds.rare ||
        (at < end && after === kinds.rare) ||
        (at + 1 < end && after === kinds.joiner && kindOf[units[at + 1] ?? 0] === kinds.rare)
      )
        return -1;
      this.#put(count++, start, at);
    }
    return count;
  }

  /** Where the run of word units ends. */
  #word(from: number, end: number): number {
    const kindOf = this.#kinds;
    const { units } = this;
    let at = from;
    while (at < end && kindOf[units[at] ?? 0] === kinds.word) at++;
    return at;
  }

  /** By the expression itself. */
  #search(normalized: string, limit: number): number {
    let count = 0;
    for (const match of normalized.matchAll(expression(this.#pattern ?? 'word', this.#rule))) {
      if (count >= limit) break;
      this.#put(count++, match.index, match.index + match[0].length);
    }
    return count;
  }

  #put(token: number, start: number, end: number): void {
    if (token >= this.starts.length) {
      this.starts = wider(this.starts);
      this.ends = wider(this.ends);
    }
    this.starts[token] = start;
    this.ends[token] = end;
  }
}

function wider(list: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const out = new Uint32Array(2 * list.length);
  out.set(list);
  return out;
}
