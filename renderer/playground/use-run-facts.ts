import { useEffect, useState } from 'react';
import type { DataFacts } from '../../engine/shapes/data-facts.ts';
import { engine } from '../bridge/engine.ts';

/** What the run's data told its graph, e.g. how many numbers a step has; `null` until known. */
export function useRunFacts(run: string): DataFacts | null {
  const [facts, setFacts] = useState<DataFacts | null>(null);
  useEffect(() => {
    let current = true;
    engine.call('runs.get', { run }).then(
      (details) => current && setFacts(details.facts),
      // Without facts the series is read as it is written; the prediction tells what is wrong with it.
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [run]);
  return facts;
}
