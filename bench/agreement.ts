import { UserError } from '../engine/protocol/envelope.ts';

/** Whose losses are compared with Unroll's: the first before any update, the others after one update each. */
export interface PeerLosses {
  readonly peer: string;
  readonly losses: readonly number[];
  /**
   * How far its training may stray: `same` has the same parameters; `one-bias` adds what are two biases elsewhere, so that Adam
   * moves their sum half as far; `frozen` does not train its embedding, so that only the first loss can be compared; `rounded`
   * multiplies in bfloat16.
   */
  readonly training: 'same' | 'one-bias' | 'frozen' | 'rounded';
  /** The loss before any update, about, where the losses are means over an epoch of updates and even the first one is trained. */
  readonly untrained?: number;
}

/** Largest difference relative to a loss of 1 or more, forwards only: rounding of float32 in another order, or of bfloat16 once. */
const forwardTolerance = (training: PeerLosses['training']): number => (training === 'rounded' ? 2 ** -8 : 1e-4);
const trainedTolerance: Readonly<Record<PeerLosses['training'], number>> = {
  same: 2e-3,
  'one-bias': 5e-3,
  frozen: Number.POSITIVE_INFINITY,
  rounded: 2 ** -6,
};

/** A bias that moves half as far matters the more, the further training has come: this share of the way is allowed as well. */
const wayOfOneBias = 0.05;

/** Sentences that name what differs; none when all agree. */
export function disagreements(ours: readonly number[], others: readonly PeerLosses[]): string[] {
  const found = ours.flatMap((loss, step) =>
    Number.isFinite(loss) ? [] : [`the loss of unroll at step ${step + 1} is ${loss}`],
  );
  for (const { peer, losses, training, untrained } of others) {
    if (losses.length !== ours.length) found.push(`${peer} gave ${losses.length} losses where unroll gave ${ours.length}`);
    for (const [step, theirs] of losses.entries()) {
      const expected = ours[step] ?? Number.NaN;
      const way = training === 'one-bias' ? wayOfOneBias * Math.abs((untrained ?? ours[0] ?? 0) - expected) : 0;
      const tolerance =
        step === 0 && untrained === undefined ? forwardTolerance(training) : Math.max(trainedTolerance[training], way);
      const difference = Math.abs(theirs - expected) / Math.max(1, Math.abs(expected));
      if (difference <= tolerance) continue;
      found.push(`the loss at step ${step + 1} is ${theirs} for ${peer} and ${expected} for unroll (at most ${tolerance} apart)`);
    }
  }
  return found;
}

/** @throws UserError `bench-losses-differ`: then the times compare different computations, and nothing is reported. */
export function requireAgreement(row: string, ours: readonly number[], others: readonly PeerLosses[]): void {
  const found = disagreements(ours, others);
  if (found.length === 0) return;
  throw new UserError({
    code: 'bench-losses-differ',
    message: `${row}: the peers do not compute the same, so nothing is reported: ${found.join('; ')}.`,
    hint: 'This is a bug of the benchmark or of one of the peers; please report it with this line.',
  });
}
