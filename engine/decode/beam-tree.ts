/** Whether a token was gone on with (`kept`), ended its sequence, or was ranked below those that were (`dropped`). */
export type BeamFate = 'kept' | 'ended' | 'dropped';

/** A token that beam search looked at, after those that its parents said. */
export interface BeamNode {
  /** Of an earlier node; `null` at the beginning. */
  readonly parent: number | null;
  readonly token: number;
  /** Of the token, after what was said before it. */
  readonly probability: number;
  /** Of all that was said up to it. */
  readonly logProbability: number;
  readonly fate: BeamFate;
  /** By which sequences that ended are ranked: log p / length penalty; `null` of all others. */
  readonly score: number | null;
  /** Place of its sequence among those that were found, the answer's 0; `null` where it is none. */
  readonly rank: number | null;
}

/** Tokens that are told of those that a step has dropped, at most: those that came nearest. */
const mostDropped = 5;

/** What a beam search looked at, in the order in which it did: step by step, each step's best first. */
export class BeamTree {
  readonly #nodes: BeamNode[] = [];
  readonly #dropped: number;

  /** @param width K */
  constructor(width: number) {
    this.#dropped = Math.min(width, mostDropped);
  }

  get nodes(): readonly BeamNode[] {
    return this.#nodes;
  }

  /** How many of those that a step drops are told. */
  get dropped(): number {
    return this.#dropped;
  }

  /** @returns the node's number */
  add(node: Omit<BeamNode, 'score' | 'rank'>): number {
    return this.#nodes.push({ ...node, score: null, rank: null }) - 1;
  }

  /** Where a sequence came to stand that a node is the last of. */
  found(node: number | null, place: Pick<BeamNode, 'score' | 'rank'>): void {
    const before = node === null ? undefined : this.#nodes[node];
    if (node !== null && before !== undefined) this.#nodes[node] = { ...before, ...place };
  }
}
