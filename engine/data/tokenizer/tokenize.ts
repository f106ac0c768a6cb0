import type { TokenizerSettings } from '../../document/data-binding.ts';
import { AsciiText } from '../ascii-text.ts';
import type { Interner } from '../interner.ts';
import type { RawInput } from '../raw-example.ts';
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
  #given: readonly string[] | null = null;

  /** @param running whether inputs are of a running text: line ends and indentation are then words, too */
  constructor(settings: TokenizerSettings, running = false) {
    this.#settings = settings;
    this.#scanner = new TextScanner(settings, running);
  }

  /** @returns how many tokens it has, at most `limit` */
  read(input: Exclude<RawInput, { kind: 'series' }>, limit: number): number {
    this.#given = input.kind === 'tokens' ? givenTokens(input.tokens, this.#settings, limit) : null;
    if (input instanceof AsciiText) return this.#scanner.scanAscii(input.bytes, input.start, input.end, limit);
    return input.kind === 'tokens' ? (this.#given?.length ?? 0) : this.#scanner.scan(input.text, limit);
  }

  /** Number of a token of the input that was read last. */
  id(token: number, texts: Interner): number {
    const { units, starts, ends } = this.#scanner;
    return this.#given === null ? texts.idOf(units, starts[token] ?? 0, ends[token] ?? 0) : texts.id(this.#given[token] ?? '');
  }
}
