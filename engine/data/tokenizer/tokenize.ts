import type { TokenizerSettings } from '../../document/data-binding.ts';
import { AsciiText } from '../ascii-text.ts';
import type { Interner } from '../interner.ts';
import type { RawInput } from '../raw-example.ts';
import { AsciiKernel } from './kernel/ascii-kernel.ts';
import { tokenizerRule } from './rule.ts';
import { cutParts, type MergeRanks } from './subword.ts';
import { TextScanner } from './text-scanner.ts';

/**
 * Tokens of a text by the rule in `rule.ts`, at most `limit`.
 *
 * @param running whether it is of a running text: line ends and indentation are then words, too
 * @param ranks of the learned merges; without them, the tokens of level `subword` are the parts to learn from
 */
export function tokenizeText(
  text: string,
  settings: TokenizerSettings,
  limit = Number.POSITIVE_INFINITY,
  ranks: MergeRanks | null = null,
  running = false,
): string[] {
  const scanner = new TextScanner(settings, running);
  const tokens = Array.from({ length: scanner.scan(text, limit) }, (_unused, i) => scanner.text(i));
  return settings.level === 'subword' && ranks !== null ? cutParts(tokens, ranks, limit) : tokens;
}

/**
 * Tokens that the file itself tells apart, one for one: NFC, and lower case if asked. Parts that sub-words are made of have the space
 * before them, and so have these but the first: joined again, they are the text with spaces between.
 */
export function givenTokens(tokens: readonly string[], { level, lowercase }: TokenizerSettings, limit: number): string[] {
  const space = level === 'subword' ? ' ' : '';
  return tokens.slice(0, Math.min(limit, tokens.length)).map((token, i) => {
    const normalized = token.normalize(tokenizerRule.normalization);
    return (i === 0 ? '' : space) + (lowercase ? normalized.toLowerCase() : normalized);
  });
}

/** Tokens of one input after the other, as numbers. */
export class InputTokens {
  readonly #settings: TokenizerSettings;
  readonly #scanner: TextScanner;
  readonly #texts: Interner;
  /** `null` where there is none; not started before there is ASCII for it. */
  #kernel: AsciiKernel | null | undefined;
  #given: readonly string[] | null = null;
  /** The input that was read last, where the kernel has scanned it. */
  #ascii: AsciiText | null = null;
  #ids = new Int32Array(128);

  /**
   * @param texts gives tokens their numbers
   * @param running whether inputs are of a running text: line ends and indentation are then words, too
   */
  constructor(settings: TokenizerSettings, texts: Interner, running = false) {
    this.#settings = settings;
    this.#texts = texts;
    this.#scanner = new TextScanner(settings, running);
  }

  /** @returns how many tokens it has, at most `limit` */
  read(input: Exclude<RawInput, { kind: 'series' }>, limit: number): number {
    this.#ascii = null;
    this.#given = input.kind === 'tokens' ? givenTokens(input.tokens, this.#settings, limit) : null;
    if (input instanceof AsciiText) return this.#readAscii(input, limit);
    return input.kind === 'tokens' ? (this.#given?.length ?? 0) : this.#scanner.scan(input.text, limit);
  }

  /** Numbers of the first tokens of the input that was read last, to be used before the next is read; what is beyond them says nothing. */
  ids(count: number): Int32Array {
    if (this.#kernel && this.#ascii !== null) return this.#numberMissed(this.#kernel, this.#ascii.bytes, count);
    if (count > this.#ids.length) this.#ids = new Int32Array(2 * count);
    const ids = this.#ids;
    const texts = this.#texts;
    const { units, starts, ends } = this.#scanner;
    for (let token = 0; token < count; token++)
      ids[token] =
        this.#given === null ? texts.idOf(units, starts[token] ?? 0, ends[token] ?? 0) : texts.id(this.#given[token] ?? '');
    return ids;
  }

  #readAscii(input: AsciiText, limit: number): number {
    const { bytes, start, end } = input;
    if (this.#kernel === undefined) {
      this.#kernel = AsciiKernel.start(this.#scanner.byteRule);
      if (this.#kernel) this.#texts.moveTo(this.#kernel.tableOf);
    }
    const found = this.#kernel?.scan(bytes, start, end, limit) ?? null;
    if (found === null) return this.#scanner.scanAscii(bytes, start, end, limit);
    this.#ascii = input;
    return found;
  }

  /** A number for each token that the kernel has not found, in the order in which they stand: one may be new, and stand there twice. */
  #numberMissed(kernel: AsciiKernel, bytes: Uint8Array, count: number): Int32Array {
    for (let token = 0, n = 0; token < count; token++) {
      // A table that has grown has taken the array with it: it is asked for anew.
      if ((kernel.ids[token] ?? 0) >= 0) continue;
      const [start, end] = kernel.missedAt(n++);
      const id = this.#texts.idOf(this.#scanner.units, 0, this.#scanner.loadAscii(bytes, start, end));
      kernel.ids[token] = id;
    }
    return kernel.ids;
  }
}
