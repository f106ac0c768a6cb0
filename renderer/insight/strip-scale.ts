import type { NumberScale } from './colour-scale.ts';
import { largest, type Matrix } from './matrix.ts';

/** The scale of numbers on a card. Probabilities have one everywhere; other numbers their own, with zero in the middle. */
export function stripScale(strip: Matrix): NumberScale {
  const shares = strip.data.length > 0 && strip.data.every((value) => value >= 0 && value <= 1);
  return shares ? { kind: 'share', extent: 1 } : { kind: 'signed', extent: largest(strip) || 1 };
}
