import { specialTokens } from '../data/dataset.ts';
import { allowedNext } from './allowed.ts';
import type { Hypothesis, TokenSource } from './token-source.ts';

export interface SayOptions {
  /** Tokens that a row says at most, `<eos>` included. */
  readonly maxTokens: number;
  /** Which token comes next, from the log-probabilities `[V]` of those that may. @param row from 0, as the source had it at first */
  choose(log: Float64Array, row: number): number;
  /** What the source reads first; `<bos>` unless a prompt ends in another token. */
  readonly first?: number;
  /** Whether `<eos>` ends a row (the default), or is said like any token and followed by `<bos>`: the next line of a running text. */
  readonly untilEnd?: boolean;
  /** Whether `<eos>` is never said: a running text goes on until it is cut. */
  readonly endless?: boolean;
  /** Ends it before its time: what was said until then is returned. */
  readonly signal?: AbortSignal | undefined;
  readonly onToken?: (row: number, token: number, probability: number) => void;
}

interface Row {
  readonly tokens: number[];
  readonly probabilities: number[];
  readonly alignment: (readonly number[])[];
  logProbability: number;
  last: number;
  finished: boolean;
}

/**
 * Says one sequence for each row of the source, token by token, each row until its own end. A row that has ended is left out of
 * what follows, so the others cost less.
 */
export async function say(source: TokenSource, options: SayOptions): Promise<Hypothesis[]> {
  const { maxTokens, choose, first = specialTokens.begin, untilEnd = true, endless = false, signal, onToken } = options;
  const rows = Array.from(
    { length: source.rows },
    (): Row => ({ tokens: [], probabilities: [], alignment: [], logProbability: 0, last: first, finished: false }),
  );
  const log = new Float64Array(source.vocabulary);
  let open = rows.map((row, index) => ({ row, index }));
  let attends = false;
  for (let said = 0; said < maxTokens && open.length > 0 && signal?.aborted !== true; said++) {
    const { logits, alignment } = await source.next(Int32Array.from(open, ({ row }) => row.last));
    attends = alignment !== null;
    open.forEach(({ row, index }, at) => {
      const token = choose(allowedNext(logits, at, log, endless), index);
      const score = log[token] ?? Number.NEGATIVE_INFINITY;
      row.logProbability += score;
      const ended = token === specialTokens.end;
      row.last = ended ? specialTokens.begin : token;
      row.finished = ended && untilEnd;
      if (row.finished) return;
      row.tokens.push(token);
      row.probabilities.push(Math.exp(score));
      if (alignment) row.alignment.push(alignment[at] ?? []);
      onToken?.(index, token, Math.exp(score));
    });
    const left = open.flatMap(({ row }, at) => (row.finished ? [] : [at]));
    if (left.length === open.length) continue;
    open = left.flatMap((at) => open[at] ?? []);
    if (open.length > 0) source.select(left);
  }
  return rows.map(({ last: _last, alignment, ...row }) => ({ ...row, alignment: attends ? alignment : null }));
}
