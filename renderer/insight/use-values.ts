import { useEffect, useState } from 'react';
import { engine } from '../bridge/engine.ts';
import { type Matrix, matrixOf } from './matrix.ts';
import type { Place } from './store.ts';

/** Values by name, `[T, units]` each, and the trace that they are of. */
export interface Values {
  readonly trace: string;
  readonly matrices: ReadonlyMap<string, Matrix>;
}

/** Numbers of all matrices that are kept, about 64 MB. */
const mostNumbers = 16e6;
const kept = new Map<string, Matrix>();
/** Asked for, and not there yet. */
const coming = new Map<string, Promise<void>>();

const keyOf = (trace: string, { node, layer, direction }: Place, name: string): string =>
  [trace, node, layer, direction, name].join('|');

function keep(key: string, matrix: Matrix): void {
  kept.set(key, matrix);
  let numbers = 0;
  for (const { data } of kept.values()) numbers += data.length;
  for (const [oldest, { data }] of kept) {
    if (numbers <= mostNumbers || kept.size === 1) break;
    kept.delete(oldest);
    numbers -= data.length;
  }
}

/** Values that were asked for before; `undefined` where they are not kept. */
export const valuesAtHand = (trace: string, place: Place, name: string): Matrix | undefined =>
  kept.get(keyOf(trace, place, name));

async function fetchValues(trace: string, place: Place, names: readonly string[]): Promise<void> {
  const missing = names.filter((name) => !kept.has(keyOf(trace, place, name)) && !coming.has(keyOf(trace, place, name)));
  if (missing.length > 0) {
    const done = engine.call('inspect.values', { trace, ...place, names: missing }).then(({ values }) => {
      for (const [name, numbers] of Object.entries(values)) keep(keyOf(trace, place, name), matrixOf(numbers));
    });
    for (const name of missing) coming.set(keyOf(trace, place, name), done);
    const over = (): void => {
      for (const name of missing) coming.delete(keyOf(trace, place, name));
    };
    void done.then(over, over);
  }
  await Promise.all(names.map((name) => coming.get(keyOf(trace, place, name))));
}

/** Values of a recurrence. Until those of a new trace are there, it gives those that it had; none of another place. */
export function useValues(trace: string | null, place: Place | null, names: readonly string[]): Values | null {
  const [values, setValues] = useState<(Values & { readonly place: string }) | null>(null);
  const wanted = JSON.stringify(names);
  const where = JSON.stringify(place);
  useEffect(() => {
    const [at, list] = [JSON.parse(where) as Place | null, JSON.parse(wanted) as string[]];
    if (trace === null || at === null || list.length === 0) return undefined;
    let current = true;
    fetchValues(trace, at, list).then(
      () => {
        const found = list.flatMap((name): [string, Matrix][] => {
          const matrix = kept.get(keyOf(trace, at, name));
          return matrix ? [[name, matrix]] : [];
        });
        if (current && found.length === list.length) setValues({ trace, place: where, matrices: new Map(found) });
      },
      // The trace has gone: the next one is on its way.
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [trace, where, wanted]);
  return values?.place === where ? values : null;
}
