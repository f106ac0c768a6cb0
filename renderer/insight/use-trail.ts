import { useEffect, useState } from 'react';
import { engine } from '../bridge/engine.ts';
import type { TrailMoment } from './eigenvalue-trails.ts';
import type { Place } from './store.ts';

/** Moments that one question asks of: of a large matrix one takes a second, and other questions wait for it. */
const atOnce = (units: number): number => (units > 160 ? 1 : 8);
/** Numbers of all that are kept. */
const mostNumbers = 4e6;

const known = new Map<string, TrailMoment['eigenvalues']>();

function keep(key: string, eigenvalues: TrailMoment['eigenvalues']): void {
  known.set(key, eigenvalues);
  let numbers = 0;
  for (const kept of known.values()) numbers += 2 * kept.length;
  for (const [oldest, kept] of known) {
    if (numbers <= mostNumbers || known.size === 1) break;
    known.delete(oldest);
    numbers -= 2 * kept.length;
  }
}

/**
 * Eigenvalues of a matrix at moments of a run, as they arrive, in order.
 *
 * @param matrix `null` asks nothing
 * @param units its rows
 */
export function useTrail(
  trace: string,
  run: string,
  place: Place,
  matrix: string | null,
  units: number,
  steps: readonly number[],
): readonly TrailMoment[] {
  const [found, setFound] = useState<{ readonly of: string; readonly moments: readonly TrailMoment[] } | null>(null);
  const of = JSON.stringify([run, place, matrix]);
  const wanted = steps.join();
  useEffect(() => {
    if (matrix === null) return undefined;
    let current = true;
    const { node, layer, direction } = (JSON.parse(of) as [string, Place, string])[1];
    const all = wanted.split(',').filter((step) => step !== '');
    const collect = (): void => {
      const moments = all.flatMap((step): TrailMoment[] => {
        const eigenvalues = known.get(`${of}${step}`);
        return eigenvalues ? [{ step: Number(step), eigenvalues }] : [];
      });
      if (current) setFound({ of, moments });
    };
    const ask = async (): Promise<void> => {
      collect();
      const missing = all.filter((step) => !known.has(`${of}${step}`));
      for (let at = 0; at < missing.length && current; at += atOnce(units)) {
        const asked = { trace, node, layer, direction, matrix, steps: missing.slice(at, at + atOnce(units)).map(Number) };
        const { moments } = await engine.call('inspect.trail', asked);
        for (const { step, eigenvalues } of moments) keep(`${of}${step}`, eigenvalues);
        collect();
      }
    };
    // The trace has gone: the next one is on its way.
    ask().catch(() => undefined);
    return () => {
      current = false;
    };
  }, [trace, of, wanted, matrix, units]);
  return found?.of === of && matrix !== null ? found.moments : none;
}

const none: readonly TrailMoment[] = [];
