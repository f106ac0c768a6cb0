import type { MethodResult } from '../../protocol/contract.ts';
import type { UnitPattern } from '../../protocol/inspect-units.ts';
import { unitAuroc } from './unit-auroc.ts';
import { type PlacedSequences, placesOf, rangesWhere } from './unit-places.ts';

export interface UnitScoresQuestion extends PlacedSequences {
  readonly kind: 'unitScores';
  readonly of: UnitPattern;
  /** `[S, H]`, shared. */
  readonly values: Float32Array;
  /** H */
  readonly units: number;
}

/** Ranges that are told at most. */
const mostRanges = 20_000;

/** How well each unit tells the steps where something holds from the others. */
export function unitScores({ of, values, units, ...placed }: UnitScoresQuestion): MethodResult<'inspect.unitScores'> {
  const holds = placesOf(placed, of);
  const block = { rows: holds.length, width: units, data: values };
  return {
    steps: holds.filter((one) => one !== null).length,
    holds: holds.filter((one) => one === true).length,
    auroc: unitAuroc(block, holds),
    ranges: rangesWhere(holds, mostRanges),
  };
}
