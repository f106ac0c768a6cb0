import type { MetricValues } from '../protocol/runs.ts';

/**
 * How well scores rank two classes, wherever the line between them is drawn: `auroc`, the area under the receiver operating
 * characteristic. It is the probability that a random example of the second class scores above a random one of the first, equal scores
 * counted half (Mann and Whitney's U, which is exact with ties; Hanley and McNeil 1982).
 */
export class RankedScores {
  #scores = new Float64Array(1024);
  #positive = new Uint8Array(1024);
  #count = 0;

  /** @param score any that grows with the belief in the second class, such as its log-odds */
  add(positive: boolean, score: number): void {
    if (this.#count === this.#scores.length) this.#grow();
    this.#scores[this.#count] = score;
    this.#positive[this.#count] = positive ? 1 : 0;
    this.#count += 1;
  }

  /** Nothing where one of the classes does not occur, or where a score is not a number: there is no order then. */
  values(): MetricValues {
    const auroc = this.#auroc();
    return auroc === null ? {} : { auroc };
  }

  #auroc(): number | null {
    const scores = this.#scores.subarray(0, this.#count);
    const positives = this.#positive.subarray(0, this.#count).reduce((sum, each) => sum + each, 0);
    const negatives = this.#count - positives;
    if (positives === 0 || negatives === 0 || scores.some(Number.isNaN)) return null;
    const order = Uint32Array.from(scores, (_, i) => i).sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
    let below = 0;
    let wins = 0;
    for (let start = 0; start < order.length; ) {
      let [end, tied] = [start, 0];
      const score = scores[order[start] ?? 0];
      for (; end < order.length && scores[order[end] ?? 0] === score; end++) tied += this.#positive[order[end] ?? 0] ?? 0;
      const others = end - start - tied;
      wins += tied * (below + others / 2);
      below += others;
      start = end;
    }
    return wins / (positives * negatives);
  }

  #grow(): void {
    const [scores, positive] = [new Float64Array(this.#count * 2), new Uint8Array(this.#count * 2)];
    scores.set(this.#scores);
    positive.set(this.#positive);
    this.#scores = scores;
    this.#positive = positive;
  }
}
