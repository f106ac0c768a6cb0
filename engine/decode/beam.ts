import { specialTokens } from '../data/dataset.ts';
import { allowedNext } from './allowed.ts';
import type { BeamTree } from './beam-tree.ts';
import type { Hypothesis, TokenSource } from './token-source.ts';

export interface BeamOptions {
  /** K: how many hypotheses are kept at each step. */
  readonly width: number;
  /** α of the length penalty; 0 ranks by probability alone, which favours short sequences. */
  readonly lengthPenalty: number;
  /** Tokens that a hypothesis has at most, `<eos>` included. */
  readonly maxTokens: number;
  /** Is told what is looked at. */
  readonly tree?: BeamTree | null;
}

interface Open extends Omit<Hypothesis, 'alignment' | 'finished'> {
  readonly alignment: readonly (readonly number[])[];
  /** Its last token in the tree; `null` without one. */
  readonly node: number | null;
}

/** A token that a hypothesis may go on with. */
interface Step {
  readonly from: Open;
  /** Of `from`. */
  readonly row: number;
  readonly token: number;
  readonly logProbability: number;
}

/**
 * Length penalty of Wu et al. 2016, “Google's Neural Machine Translation System”, equation 14: `((5 + |Y|) / 6)^α`.
 *
 * @param length tokens, `<eos>` included
 */
export const lengthPenalty = (length: number, alpha: number): number => ((5 + length) / 6) ** alpha;

/**
 * Beam search over the one sequence that the source says. At each step all continuations of the open hypotheses are ranked by their
 * log-probability (of equals the earlier hypothesis, then the lower id, comes first). The best K, less one for each hypothesis that has
 * ended before, go on; those among them that say `<eos>` have ended. So width 1 is greedy, and a width that holds every
 * sequence finds the best one. Ends when K have ended or the limit is reached.
 *
 * @returns at most K, best first: those that ended by `log p / penalty`, then those that reached the limit
 */
export async function beam(source: TokenSource, options: BeamOptions): Promise<Hypothesis[]> {
  const { width, maxTokens, tree } = options;
  if (source.rows !== 1) throw new Error(`beam search: expected a source of 1 row, got ${source.rows}`);
  let open: Open[] = [{ tokens: [], probabilities: [], logProbability: 0, alignment: [], node: null }];
  const ended: Open[] = [];
  let attends = false;
  for (let said = 0; said < maxTokens && open.length > 0; said++) {
    const { logits, alignment } = await source.next(
      Int32Array.from(open, ({ tokens }) => tokens[tokens.length - 1] ?? specialTokens.begin),
    );
    attends = alignment !== null;
    const places = width - ended.length;
    const best = bestSteps(open, logits, source.vocabulary, places + (tree?.dropped ?? 0));
    const going: { readonly row: number; readonly next: Open }[] = [];
    for (const [place, { from, row, token, logProbability }] of best.entries()) {
      const ends = token === specialTokens.end;
      const fate = place >= places ? 'dropped' : ends ? 'ended' : 'kept';
      const probability = Math.exp(logProbability - from.logProbability);
      const node = tree?.add({ parent: from.node, token, probability, logProbability, fate }) ?? null;
      if (fate === 'dropped') continue;
      if (ends) {
        ended.push({ ...from, logProbability, node });
        continue;
      }
      const next = {
        tokens: [...from.tokens, token],
        probabilities: [...from.probabilities, probability],
        logProbability,
        alignment: alignment ? [...from.alignment, alignment[row] ?? []] : from.alignment,
        node,
      };
      going.push({ row, next });
    }
    if (going.length > 0 && said + 1 < maxTokens) source.select(going.map(({ row }) => row));
    open = going.map(({ next }) => next);
  }
  const score = ({ logProbability, tokens }: Pick<Open, 'logProbability' | 'tokens'>): number =>
    logProbability / lengthPenalty(tokens.length + 1, options.lengthPenalty);
  const told = ({ node, ...hypothesis }: Open, rank: number): Hypothesis => {
    const finished = rank < ended.length;
    tree?.found(node, { rank, score: finished ? score(hypothesis) : null });
    return { ...hypothesis, alignment: attends ? hypothesis.alignment : null, finished };
  };
  ended.sort((a, b) => score(b) - score(a));
  // What reached the limit is all of one length, and best first already.
  return [...ended, ...open].map(told);
}

/** The best continuations of all open hypotheses, best first. */
function bestSteps(open: readonly Open[], logits: ArrayLike<number>, vocabulary: number, wanted: number): Step[] {
  const log = new Float64Array(vocabulary);
  const found: Step[] = [];
  open.forEach((from, row) => {
    allowedNext(logits, row, log);
    log.forEach((value, token) => {
      const logProbability = from.logProbability + value;
      const worst = found.length < wanted ? Number.NEGATIVE_INFINITY : (found[wanted - 1]?.logProbability ?? 0);
      // Steps arrive in the order that decides between equals, so an equal one never takes a place.
      if (logProbability <= worst) return;
      let at = found.length;
      while ((found[at - 1]?.logProbability ?? Number.POSITIVE_INFINITY) < logProbability) at--;
      found.splice(at, 0, { from, row, token, logProbability });
      if (found.length > wanted) found.pop();
    });
  });
  return found;
}
