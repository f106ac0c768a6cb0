import type { Block } from '../cells/step/evaluate.ts';
import { inThread } from '../inspect/analysis/in-thread.ts';
import type { AnalysisQuestion, Answer, AskedCell } from '../inspect/analysis/questions.ts';
import { askedCell, askedStep, askedSteps, flowWork, matrixAmong } from '../inspect/asked-cell.ts';
import type { Subject } from '../inspect/subject.ts';
import type { KeptRecurrence, KeptTrace } from '../inspect/trace.tf.ts';
import type { TraceStore } from '../inspect/trace-store.ts';
import type { RunInspections } from '../manage/run-inspections.ts';
import type { Handlers } from '../protocol/contract.ts';
import { UserError } from '../protocol/envelope.ts';
import type { Place } from '../protocol/inspect.ts';
import type { InspectWork } from './inspect-work.ts';

type Spectra = Answer<Extract<AnalysisQuestion, { kind: 'spectrum' }>>;

/** About two minutes. */
const mostWork = 1e11;

/** Spectra and the flow of gradients of what was traced. */
export function spectrumService(
  { traces, weightsAt }: { readonly traces: Pick<TraceStore, 'use'> } & Pick<RunInspections, 'weightsAt'>,
  recurrenceAt: (trace: KeptTrace, place: Place) => KeptRecurrence,
  work: InspectWork,
): Pick<Handlers, 'inspect.spectrum' | 'inspect.trail' | 'inspect.arrow' | 'inspect.flow'> {
  /** The model may go as soon as its weights have been read. */
  const asked = <T>(trace: string, place: Place, of: (recurrence: KeptRecurrence) => T) =>
    traces.use(trace, async (kept) => {
      const recurrence = recurrenceAt(kept, place);
      const about = of(recurrence);
      return { subject: kept.subject, cell: await askedCell(kept, recurrence), about };
    });
  const known = new KnownSpectra();
  return {
    'inspect.spectrum': async ({ trace, step, ...place }) => {
      const { subject, cell, about } = await asked(trace, place, (recurrence) => {
        if (step === undefined) return undefined;
        requireStep(recurrence, step);
        return askedStep(recurrence, step);
      });
      const [ofMatrices, ofStep] = await Promise.all([
        known.of(subject, place, cell),
        about === undefined ? { jacobian: null } : inThread({ kind: 'jacobian', cell, step: about }),
      ]);
      return { ...ofMatrices, ...ofStep };
    },
    'inspect.trail': async ({ trace, matrix: name, steps, ...place }) =>
      traces.use(trace, async (kept) => {
        const recurrence = recurrenceAt(kept, place);
        const moments = await Promise.all(
          steps.map(async (step) => {
            // It may have made place for another since it was listed.
            const weights = await weightsAt(kept.subject.run, step).catch(() => null);
            return weights && { step, matrix: square(matrixAmong(weights, kept, recurrence, name), name, place) };
          }),
        );
        return inThread({ kind: 'trail', moments: moments.filter((moment) => moment !== null) });
      }),
    'inspect.arrow': async ({ trace, matrix: name, products, ...place }) => {
      const { subject, cell } = await asked(trace, place, () => undefined);
      const { matrices } = await known.of(subject, place, cell);
      const recurrent = matrices.find((one) => one.name === name);
      const matrix = square(recurrent === undefined ? null : (cell.parameters.get(name) ?? null), name, place);
      const dominant = recurrent?.spectrum?.dominant;
      if (dominant === undefined) return { turns: false, directions: 0, products: [] };
      return inThread({ kind: 'arrow', matrix, dominant, products });
    },
    'inspect.flow': async ({ id, trace, from, ...place }) => {
      const { cell, about } = await asked(trace, place, (recurrence) => {
        if (from !== undefined) requireStep(recurrence, from);
        if (flowWork(recurrence) <= mostWork) return askedSteps(recurrence, from);
        throw new UserError({
          code: 'flow-too-large',
          message: `The Jacobians of ${recurrence.described.steps.length} steps of ${place.node} would take minutes.`,
          hint: 'Look at a shorter example, or at the Jacobian of one step.',
        });
      });
      return work.thread(id, { kind: 'flow', cell, steps: about });
    },
  };
}

/** Of the recurrent matrices of models that are looked at, each found once: they are the same at every step of every trace. */
class KnownSpectra {
  readonly #known = new WeakMap<Subject, Map<string, Promise<Spectra>>>();

  of(subject: Subject, { node, layer, direction }: Place, cell: AskedCell): Promise<Spectra> {
    const ofSubject = this.#known.get(subject) ?? new Map<string, Promise<Spectra>>();
    this.#known.set(subject, ofSubject);
    const key = JSON.stringify([node, layer, direction]);
    const known = ofSubject.get(key);
    if (known !== undefined) return known;
    const found = inThread({ kind: 'spectrum', cell });
    ofSubject.set(key, found);
    // What has failed is asked again.
    found.catch(() => ofSubject.delete(key));
    return found;
  }
}

/** @throws UserError `not-traced` */
function square(matrix: Block | null, name: string, { node }: Place): Block {
  if (matrix !== null && matrix.rows === matrix.width) return matrix;
  throw new UserError({
    code: 'not-traced',
    message: `The cell of ${node} has no square recurrent matrix ${name}.`,
    hint: 'Choose one of its recurrent matrices.',
  });
}

/** @throws UserError `not-traced` */
function requireStep({ node, described }: KeptRecurrence, step: number): void {
  const { length } = described.steps;
  if (step < length) return;
  throw new UserError({
    code: 'not-traced',
    message: `The trace has no step ${step} of ${node}.`,
    hint: `Its steps are 0 to ${length - 1}.`,
  });
}
