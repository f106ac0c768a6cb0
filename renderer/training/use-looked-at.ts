import { useEffect, useMemo, useReducer, useState } from 'react';
import { type ChartLine, lookAhead } from './chart-lines.ts';
import { longestTurn } from './read-curves.ts';

interface Picture {
  readonly lines: readonly ChartLine[];
  readonly smoothing: number;
  readonly logarithmic: boolean;
}

/**
 * What can be drawn at once: what is wanted as soon as all of its points are looked at, of a million in several turns, so that what a
 * person does meanwhile is answered. Until then the same lines as they were drawn before, or none.
 */
export function useLookedAt({ lines, smoothing, logarithmic }: Picture): Picture {
  const wanted = useMemo(() => ({ lines, smoothing, logarithmic }), [lines, smoothing, logarithmic]);
  const [turn, again] = useReducer((count: number) => count + 1, 0);
  const ready = useMemo(
    () => turn >= 0 && lookAhead(wanted.lines, wanted.smoothing, wanted.logarithmic, longestTurn),
    [wanted, turn],
  );
  const [shown, show] = useState<Picture>(() => ({ ...wanted, lines: [] }));
  if (ready && shown !== wanted) show(wanted);
  useEffect(() => {
    if (ready || turn < 0) return;
    const timer = setTimeout(again);
    return () => clearTimeout(timer);
  }, [ready, turn]);
  const same = lines.length === shown.lines.length && lines.every(({ y }, at) => y === shown.lines[at]?.y);
  const before = useMemo(() => (same ? shown : { ...shown, lines: [] }), [same, shown]);
  return ready ? wanted : before;
}
