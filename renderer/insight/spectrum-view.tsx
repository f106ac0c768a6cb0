import { useMemo, useState } from 'react';
import type { MethodResult } from '../../engine/protocol/contract.ts';
import type { Trace } from '../../engine/protocol/inspect.ts';
import { FailureNote } from '../training/failure-note.tsx';
import { Select } from '../ui/select.tsx';
import { Spinner } from '../ui/spinner.tsx';
import { ArrowView, CellArrow } from './arrow-plot.tsx';
import { EigenvaluePlot } from './eigenvalue-plot.tsx';
import { useFilm } from './film-store.ts';
import { lectureMatrix } from './lecture-matrix.ts';
import type { RecurrenceViewProps } from './of-recurrence.tsx';
import { shown } from './step-equations.ts';
import { stepNames } from './step-names.ts';
import { useInsight } from './store.ts';
import { rowAt } from './time-axis.ts';
import { useSpectrum } from './use-answers.ts';
import { useTrail } from './use-trail.ts';
import { ViewHead } from './view-head.tsx';

/** The choice that is no matrix of the cell. */
const jacobian = '∂s';

/** What carries the state from step to step, by its eigenvalues (rows L21, L22). */
export function SpectrumView({ trace, node, recurrence, place }: RecurrenceViewProps) {
  const cursor = useInsight((s) => s.cursor);
  const [wanted, setWanted] = useState<string | null>(null);
  const row = rowAt(cursor, recurrence.steps, trace.steps);
  const { result, failure } = useSpectrum(trace.trace, place, row);
  const names = useMemo(() => stepNames(recurrence.steps, trace.steps), [recurrence.steps, trace.steps]);
  const matrices = result?.matrices.filter(({ spectrum }) => spectrum !== null) ?? [];
  const choices = [
    ...matrices.map(({ name }) => ({ value: name, label: name })),
    ...(row === null ? [] : [{ value: jacobian, label: `the Jacobian of the step at “${names[row]}”` }]),
    { value: lectureMatrix.name, label: lectureMatrix.name },
  ];
  // Of a plain cell its matrix is what the lectures look at; of a gated one no matrix alone carries the state.
  const usual = matrices.length === 1 ? matrices[0]?.name : jacobian;
  const name = choices.find(({ value }) => value === (wanted ?? usual))?.value ?? choices[0]?.value ?? jacobian;
  const ofLecture = name === lectureMatrix.name;
  const spectrum = ofLecture
    ? lectureMatrix.spectrum
    : name === jacobian
      ? result?.jacobian
      : matrices.find((one) => one.name === name)?.spectrum;
  const words = name === jacobian ? 'the step’s Jacobian' : name;
  const past = useTrail(
    trace.trace,
    trace.run,
    place,
    name === jacobian || ofLecture || !spectrum ? null : name,
    recurrence.hidden,
    useEarlierSteps(trace),
  );
  const view = (
    <section className="microscope__main" aria-label="Spectrum">
      <ViewHead
        title="Spectrum"
        shows={`Each dot is an eigenvalue of ${words}: multiplied again and again, a direction outside of the circle grows, one inside it fades.`}
        lookFor={`Look for dots near the circle: along them a state, and its gradient, lasts.${past.length === 0 ? '' : ' Pale: the way that they took over the training, joined to the nearest.'}`}
        tex={
          ofLecture
            ? lectureMatrix.tex
            : name === jacobian
              ? '\\frac{\\partial s_t}{\\partial s_{t-1}}\\, v = \\lambda v'
              : `${name.replace(/_(.+)$/, '_{$1}')}\\, v = \\lambda v`
        }
      >
        <Select label="Matrix" value={name} onChange={setWanted} options={choices} />
      </ViewHead>
      {failure && <FailureNote failure={failure} />}
      {!result && !failure && <Spinner label="Looking for eigenvalues …" />}
      {spectrum && (
        <>
          <EigenvaluePlot
            label={`Eigenvalues of ${ofLecture ? words : `${words}, ${node.title}`}`}
            eigenvalues={spectrum.eigenvalues}
            past={past}
          />
          <p className="view-head__words kept">
            ρ = <b>{shown(spectrum.radius)}</b>, the size of the largest: what many products grow by at each step. σ₁ ={' '}
            <b>{shown(spectrum.singular)}</b>: what one product can stretch a vector by.
            {name !== jacobian && result?.bounds?.matrix === name && <Bounds {...result.bounds} />}
          </p>
        </>
      )}
      {result && !spectrum && (
        <p className="view-head__words">
          {row === null ? 'This layer has no step under the cursor.' : 'It has numbers that are none.'}
        </p>
      )}
    </section>
  );
  if (name === jacobian || !spectrum) return view;
  return (
    <div className="microscope__columns">
      {view}
      {ofLecture ? (
        <ArrowView matrix={name} radius={spectrum.radius} answer={{ result: lectureMatrix.arrow, failure: null }} />
      ) : (
        <CellArrow trace={trace.trace} place={place} matrix={name} radius={spectrum.radius} />
      )}
    </div>
  );
}

/** Moments of the film before the one that is shown. */
function useEarlierSteps({ run, step }: Trace): readonly number[] {
  const film = useFilm((s) => (s.run === run ? s.film : null));
  return useMemo(() => (film?.moments ?? []).filter((moment) => moment.step < step).map((moment) => moment.step), [film, step]);
}

/** What σ₁ says of gradients through many steps. */
function Bounds({ activation, gamma, limit, perStep, verdict }: NonNullable<MethodResult<'inspect.spectrum'>['bounds']>) {
  const slope = `the slope of ${activation ?? 'the step'} is at most γ = ${shown(gamma)}`;
  const said = {
    vanish: `σ₁ is below 1/γ = ${shown(limit)}: gradients must vanish, by a factor of ${shown(perStep)} or less at each step`,
    'may-explode': `σ₁ is above 1/γ = ${shown(limit)}: gradients may explode (by ${shown(perStep)} at each step at most), and need not`,
    neither: `σ₁ is 1/γ = ${shown(limit)}: neither follows`,
  }[verdict];
  return (
    <>
      {' '}
      Here {slope}, and {said} (Pascanu et al. 2013). The Gradient tab shows what was measured.
    </>
  );
}
