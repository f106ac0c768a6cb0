import type { ColumnNames, RawExample } from '../../engine/data/raw-example.ts';
import { Random } from '../../engine/random.ts';

export const columns: ColumnNames = { inputs: ['bases'], targets: ['promoter'] };

const bases = 'acgt';
/** Consensus of the two boxes of a bacterial promoter (sigma 70), and the bases between them. */
const boxes = { first: 'ttgaca', second: 'tataat', spacer: [16, 17, 18] } as const;
/** Chance that a base of a box is drawn anew: of the twelve of both, between one and two differ from the consensus on average. */
const mutation = 0.15;
const length = 70;
const sequences = 10_000;

/**
 * Stretches of DNA, half of them with both boxes at the right distance. The others are decoys as often as noise: one box without the
 * other, both at a wrong distance, or both in the wrong order. So neither box alone tells, nor their being there.
 */
export async function* rows(): AsyncGenerator<RawExample> {
  const random = new Random(11, 'promoters');
  const base = (): string => bases[random.below(4)] ?? 'a';
  const noise = (count: number): string => Array.from({ length: count }, base).join('');
  const mutated = (box: string): string => [...box].map((each) => (random.uniform() < mutation ? base() : each)).join('');
  const place = (middle: string): string => {
    const before = random.below(length - middle.length + 1);
    return noise(before) + middle + noise(length - middle.length - before);
  };
  const both = (first: string, second: string, spacer: number): string => mutated(first) + noise(spacer) + mutated(second);
  const wrong = (): number => [4, 6, 8, 10, 12, 23, 25, 28, 31][random.below(9)] ?? 4;
  for (let line = 1; line <= sequences; line++) {
    const promoter = line % 2 === 0;
    const { first, second, spacer } = boxes;
    const decoys = [
      () => '',
      () => mutated(first),
      () => mutated(second),
      () => both(first, second, wrong()),
      () => both(second, first, spacer[random.below(3)] ?? 17),
    ];
    const middle = promoter
      ? both(first, second, spacer[random.below(3)] ?? 17)
      : (decoys[random.below(decoys.length)]?.() ?? '');
    yield {
      line,
      input: { kind: 'text', text: place(middle) },
      target: { kind: 'class', label: promoter ? 'promoter' : 'other' },
      group: null,
    };
  }
}
