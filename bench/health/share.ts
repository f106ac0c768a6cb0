import type { HealthSteps } from './compare.tf.ts';
import { sumOf, type Took } from './took.ts';

/** A share of all time, and how far it is off by chance: the standard error, as steps of the same work take unequal times. */
export interface Share {
  readonly share: number;
  /** NaN where it is not known, as of fewer than two steps without. */
  readonly chance: number;
}

/** What the measured steps of a watched training took beyond others, of all of its steps as they are without. */
export function shareOfHealth({ without, others, measured }: HealthSteps, of: keyof Took): Share {
  // The mean, slow steps included: there are as many of them among those that are measured.
  const usual = sumOf(without, of) / without.length;
  const all = usual * (others.length + measured.length);
  const spread = Math.sqrt(without.reduce((sum, one) => sum + (one[of] - usual) ** 2, 0) / (without.length - 1));
  return {
    share: (sumOf(measured, of) - measured.length * usual) / all,
    chance: (spread * Math.sqrt(measured.length + measured.length ** 2 / without.length)) / all,
  };
}

/** `1.3 % ± 0.4` */
export const shareText = ({ share, chance }: Share): string =>
  `${(100 * share).toFixed(1)} %${Number.isNaN(chance) ? '' : ` ± ${(100 * chance).toFixed(1)}`}`;

/** `1.3 % ± 0.4 met`: and whether it is as small as it should be. */
export const verdict = (share: Share, most: number): string => `${shareText(share)} ${share.share <= most ? 'met' : 'NOT MET'}`;
