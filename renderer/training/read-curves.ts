import type { MetricsPlace } from '../../engine/protocol/metric-columns.ts';
import { engine } from '../bridge/engine.ts';
import { RunCurves } from './run-curves.ts';

interface ReadCurves {
  readonly curves: RunCurves;
  /** Lines that cannot be read. */
  readonly lost: number;
}

/**
 * All that a run has logged, piece by piece: while one is taken in, the engine reads the next, and what its user does comes between two.
 *
 * @param told is told the share that is read, where it is not read at once; says whether to go on
 * @returns `null` where it was not to go on
 * @throws EngineError as `runs.metrics`
 */
export async function readCurves(run: string, told: (share: number) => boolean): Promise<ReadCurves | null> {
  const ask = (after: MetricsPlace | null) => engine.call('runs.metrics', { run, ...(after === null ? {} : { after }) });
  let curves = new RunCurves();
  let lost = 0;
  for (let coming = ask(null); ; ) {
    const piece = await coming;
    const { from, next, bytes } = piece;
    if (next !== null) {
      if (!told(next.byte / bytes)) return null;
      coming = ask(next);
    }
    // Another file has taken the place of the one that was read.
    if (from === 0) {
      curves = new RunCurves();
      lost = 0;
    }
    await resting(curves.join(piece));
    lost += piece.lost;
    if (next === null) return { curves, lost };
  }
}

/** Nothing else of the window has to wait longer, in milliseconds. */
export const longestTurn = 12;

/** Does work to its end and rests in between, so that what a person does meanwhile is answered. */
async function resting(work: Iterable<undefined>): Promise<void> {
  let since = performance.now();
  for (const _rest of work) {
    if (performance.now() - since < longestTurn) continue;
    await new Promise((resolve) => setTimeout(resolve));
    since = performance.now();
  }
}
