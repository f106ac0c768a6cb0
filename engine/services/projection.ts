import { cellProgram } from '../cells/cell-program.ts';
import { sharedInt32 } from '../data/shared-memory.ts';
import type { FixedPoint } from '../inspect/analysis/fixed-points.ts';
import { inThread } from '../inspect/analysis/in-thread.ts';
import { type PrincipalAxes, project } from '../inspect/analysis/principal-axes.ts';
import { sent } from '../inspect/arrays.tf.ts';
import { AxesStore } from '../inspect/kept-axes.ts';
import { lineOfSameCell, type SampleStore, type StateSample } from '../inspect/state-sample.ts';
import type { KeptRecurrence, KeptTrace } from '../inspect/trace.tf.ts';
import type { TraceStore } from '../inspect/trace-store.ts';
import type { Handlers } from '../protocol/contract.ts';
import { UserError } from '../protocol/envelope.ts';
import type { Place } from '../protocol/inspect.ts';
import type { FixedPointFound, projectionMethods } from '../protocol/inspect-projection.ts';
import type { InspectWork } from './inspect-work.ts';

/** States of many sequences on their principal axes, with the cell's fixed points. */
export function projectionService(
  traces: Pick<TraceStore, 'get'>,
  samples: SampleStore,
  recurrenceAt: (trace: KeptTrace, place: Place) => KeptRecurrence,
  work: InspectWork,
): Pick<Handlers, keyof typeof projectionMethods> {
  const axesStore = new AxesStore();
  return {
    'inspect.projection': async ({ id, sample: name, trace, axes, count }) => {
      const sample = samples.get(name);
      const { values, units, step } = sample;
      const traced = trace === undefined ? null : recurrenceAt(traces.get(trace), sample.place);
      const line = traced && lineOfSameCell(traced, sample.line.name, units);
      const before = axesStore.get(sample);
      const kept = axes === 'kept' ? before : null;
      const found = await work.thread(id, {
        kind: 'projection',
        values,
        units,
        path: line?.data ?? null,
        axes: kept?.axes ?? null,
        reference: before?.axes ?? null,
        count,
      });
      const fitted = kept ?? { axes: found.axes, step, steps: found.steps };
      if (kept === null) axesStore.set(sample, fitted);
      const width = found.axes.axes.rows;
      const numbers = (data: Float32Array) => sent({ shape: [data.length / width, width], data });
      return {
        fitted: { step: fitted.step, steps: fitted.steps, kept: kept !== null },
        explained: [...found.explained],
        points: numbers(found.points),
        path: found.path && numbers(found.path),
      };
    },
    'inspect.fixedPoints': async ({ id, sample: name, input }) => {
      const sample = samples.get(name);
      const axes = axesStore.get(sample)?.axes;
      const part = partOf(sample);
      if (axes === undefined || part === null) throw notProjected;
      const { cell, starts } = sample;
      const x = inputOf(sample, input, (trace) => recurrenceAt(traces.get(trace), sample.place));
      const stop = sharedInt32(1);
      return work.run(id, async (tell, signal) => {
        signal.addEventListener('abort', () => Atomics.store(stop, 0, 1));
        const question = { kind: 'fixedPoints', cell, input: { rows: 1, width: x.length, data: x }, starts, stop } as const;
        const { searched, points } = await inThread(question, { onProgress: (done, of) => tell({ done, of }) });
        return {
          size: starts.width,
          searched,
          of: starts.rows,
          points: points.map((point) => told(point, axes, part)).sort((a, b) => b.starts - a.starts),
        };
      });
    },
  };
}

/** The columns of the whole state that the line is of; `null` where it is no state after the step. */
function partOf({ cell, line }: StateSample): { readonly from: number; readonly to: number } | null {
  let from = 0;
  for (const { name, width } of cellProgram(cell.equations, cell.hidden).states) {
    if (`${name}'` === line.name) return { from, to: from + width };
    from += width;
  }
  return null;
}

/** @throws UserError `no-step` */
function inputOf(
  { meanInput }: StateSample,
  input: 'zero' | 'mean' | { readonly trace: string; readonly step: number },
  recurrence: (trace: string) => KeptRecurrence,
): Float64Array {
  if (input === 'mean') return meanInput;
  if (input === 'zero') return new Float64Array(meanInput.length);
  const width = meanInput.length;
  const x = lineOfSameCell(recurrence(input.trace), 'x', width);
  const row = x.data.subarray(input.step * width, (input.step + 1) * width);
  if (row.length === width) return Float64Array.from(row);
  throw new UserError({ code: 'no-step', message: `The sentence has no step ${input.step + 1}.`, hint: 'Choose another step.' });
}

function told(
  { state, kind, converged, speed, unstable, eigenvalues, starts }: FixedPoint,
  axes: PrincipalAxes,
  { from, to }: { readonly from: number; readonly to: number },
): FixedPointFound {
  const own = state.subarray(from, to);
  const at = project({ rows: 1, width: own.length, data: own }, axes).data;
  const [largest] = eigenvalues;
  return { kind, converged, speed, unstable, radius: largest ? Math.hypot(...largest) : 0, starts: starts.length, at: [...at] };
}

const notProjected = new UserError({
  code: 'not-projected',
  message: 'Fixed points are drawn on the axes of a state, and there are none yet.',
  hint: 'Project a state of the cell first.',
});
