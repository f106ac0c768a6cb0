import { type DataEncoding, specialTokens } from '../data/dataset.ts';
import { tokenText } from '../data/token-text.ts';
import { wordsOf } from '../data/tokenizer/word.ts';
import type { TokenizerSettings } from '../document/data-binding.ts';
import type { MetricValues } from '../protocol/runs.ts';
import { editDistance } from './edit-distance.ts';

/**
 * How far generated sequences are from their references. `token-error-rate` is the edit distance over all references' tokens (the
 * word or phoneme error rate of speech recognition; above 1 where much too much is said); `sequence-accuracy` the share that is
 * right to the last token.
 *
 * The same text can be cut into sub-words in more than one way, and into others by every vocabulary. Sub-words are therefore also judged
 * as the text that they make: `word-error-rate` is the edit distance over all references' words, and a sequence is right when its text is.
 */
export class TokenErrors {
  readonly #words: WordErrors | null;
  #edits = 0;
  #length = 0;
  #right = 0;
  #sequences = 0;

  constructor({ binding, classes }: Pick<DataEncoding, 'binding' | 'classes'>) {
    this.#words =
      binding.targetTokenizer.level === 'subword' ? new WordErrors(classes ?? [], binding.targetTokenizer.rule) : null;
  }

  /** Ids without `<bos>` and `<eos>`. */
  add(reference: ArrayLike<number>, said: ArrayLike<number>): void {
    const edits = editDistance(reference, said);
    this.#edits += edits;
    this.#length += reference.length;
    this.#sequences += 1;
    const same = this.#words ? this.#words.add(reference, said) : edits === 0;
    this.#right += same ? 1 : 0;
  }

  values(): MetricValues {
    if (this.#sequences === 0) return {};
    return {
      'token-error-rate': this.#edits / Math.max(1, this.#length),
      ...(this.#words ? { 'word-error-rate': this.#words.rate } : {}),
      'sequence-accuracy': this.#right / this.#sequences,
    };
  }
}

/** The same over the words of the texts that sub-words make. */
class WordErrors {
  readonly #vocabulary: readonly string[];
  readonly #rule: TokenizerSettings['rule'];
  #edits = 0;
  #length = 0;

  constructor(vocabulary: readonly string[], rule: TokenizerSettings['rule']) {
    this.#vocabulary = vocabulary;
    this.#rule = rule;
  }

  /** Whether both are the same text. */
  add(reference: ArrayLike<number>, said: ArrayLike<number>): boolean {
    const [wanted, found] = [this.#text(reference), this.#text(said)];
    const words = wordsOf(wanted, this.#rule);
    this.#edits += editDistance(words, wordsOf(found, this.#rule));
    this.#length += words.length;
    return wanted === found;
  }

  get rate(): number {
    return this.#edits / Math.max(1, this.#length);
  }

  #text(ids: ArrayLike<number>): string {
    return tokenText(
      // What is unknown in a reference cannot be said: it is no text that letters could spell.
      Array.from(ids, (id) => (id === specialTokens.unknown ? '\uffff' : (this.#vocabulary[id] ?? ''))),
      'subword',
    );
  }
}
