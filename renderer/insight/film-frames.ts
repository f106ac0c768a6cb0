import { UserError } from '../../engine/protocol/envelope.ts';
import type { InspectedInput } from '../../engine/protocol/inspect.ts';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import { engine } from '../bridge/engine.ts';
import type { FilmStop } from './film-store.ts';
import { type Matrix, matrixOf } from './matrix.ts';
import { type Said, saidAt } from './said.ts';
import { type Place, traceOf } from './store.ts';

/** A moment of a film in numbers. */
export interface FilmFrame {
  readonly stop: FilmStop;
  /** The training step that its weights are of. */
  readonly step: number;
  readonly answer: Said;
  /** Of the target; `null` where there is none. */
  readonly loss: number | null;
  /** A value of a cell `[T, units]`. */
  readonly matrix: Matrix;
}

/** What is asked of every moment. */
export interface FilmQuestion {
  readonly run: RunSummary;
  readonly input: InspectedInput;
  readonly place: Place;
  readonly name: string;
}

/** @throws UserError where that moment is not kept any more */
export async function frameAt({ run, input, place, name }: FilmQuestion, stop: FilmStop): Promise<FilmFrame> {
  const trace = await traceOf(run, input, stop === 'now' ? null : stop);
  if ('code' in trace) throw new UserError(trace);
  try {
    const { values } = await engine.call('inspect.values', { trace: trace.trace, ...place, names: [name] });
    const numbers = values[name];
    if (numbers === undefined) throw new UserError({ code: 'no-value', message: `The network has no ${name} here.` });
    return { stop, step: trace.step, answer: saidAt(trace, null), loss: trace.loss, matrix: matrixOf(numbers) };
  } finally {
    // Of dozens of moments: they would push out what is looked at.
    void engine.call('inspect.forget', { trace: trace.trace }).catch(() => undefined);
  }
}
