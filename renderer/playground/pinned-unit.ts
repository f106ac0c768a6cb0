import { useMemo } from 'react';
import type { TracedRecurrence } from '../../engine/protocol/inspect.ts';
import type { WatchedUnit } from '../../engine/protocol/predict.ts';
import { lineLabel } from '../insight/line-words.ts';
import { rowWords } from '../insight/row-words.ts';
import { shown } from '../insight/step-equations.ts';
import { recurrenceOf, useInsight } from '../insight/store.ts';
import { unitScale } from '../insight/units-colour.ts';
import type { WrittenColours } from './written-text.tsx';

/** The unit that is pinned where the run is looked into. */
export interface PinnedUnit {
  readonly watch: WatchedUnit;
  /** `unit 3 of h, Recurrent`. */
  readonly label: string;
  readonly range: TracedRecurrence['values'][number]['range'];
}

/** `null` where none is pinned, or another run is looked into. */
export function usePinnedUnit(run: string): PinnedUnit | null {
  const trace = useInsight((s) => s.trace);
  const chosen = useInsight((s) => s.place);
  const name = useInsight((s) => s.line);
  const unit = useInsight((s) => s.unit);
  return useMemo(() => {
    const found = trace?.run === run && unit !== null ? recurrenceOf(trace, chosen) : null;
    if (found === null || unit === null) return null;
    const { node, recurrence, place } = found;
    const line = recurrence.values.find((one) => one.name === name) ?? recurrence.values[0];
    if (line === undefined || unit >= line.units) return null;
    const where = [node.title, ...rowWords(place, node.recurrent)].join(', ');
    return {
      watch: { ...place, line: line.name, unit },
      label: `unit ${unit} of ${lineLabel(line.name)}, ${where}`,
      range: line.range,
    };
  }, [trace, chosen, name, unit, run]);
}

/** @param values after each token that was read */
export function unitColours({ label, range }: PinnedUnit, values: readonly number[]): WrittenColours {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return { label, scale: unitScale(range, largest), values, format: (value) => `${label} is ${shown(value)}` };
}
