import { rm } from 'node:fs/promises';
import { describeFileError } from '../files/describe-file-error.ts';
import { readTextFile } from '../files/open-file.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import type { Caller } from '../protocol/contract.ts';
import { type SeedSeries, seedSeries } from '../protocol/series.ts';
import type { EngineContext, Service } from './context.ts';

/** A series of seeds, kept beside the runs so that it outlives its window and the app. One window has it at a time, and begins its runs. */
export function seriesService({ home, emit }: Pick<EngineContext, 'home' | 'emit'>): {
  readonly handlers: Service<'series'>;
  left(window: Caller): void;
} {
  let holder: Caller | null = null;
  /** One change after the other. */
  let changes: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(change: () => Promise<T>): Promise<T> => {
    const done = changes.then(change);
    changes = done.catch(() => undefined);
    return done;
  };
  return {
    handlers: {
      'series.take': (_params, caller) =>
        inTurn(async () => {
          if (holder !== null && holder !== caller) return { series: null };
          const series = await readSeries(home.series);
          holder = series === null ? null : (caller ?? null);
          return { series };
        }),
      'series.keep': ({ series }, caller) =>
        inTurn(async () => {
          if (holder !== null && holder !== caller) return { held: false };
          holder = series === null ? null : (caller ?? null);
          const written =
            series === null ? rm(home.series, { force: true }) : writeAtomically(home.series, JSON.stringify(series));
          await written.catch((error: unknown) => {
            throw describeFileError(error, home.series);
          });
          return { held: true };
        }),
    },
    left(window) {
      if (holder !== window) return;
      holder = null;
      emit('series.free', {});
    },
  };
}

/** A missing or damaged one is none: its runs are all there. */
async function readSeries(file: string): Promise<SeedSeries | null> {
  try {
    return seedSeries.safeParse(JSON.parse(await readTextFile(file))).data ?? null;
  } catch {
    return null;
  }
}
