import { useMemo, useState } from 'react';
import { FailureNote } from '../training/failure-note.tsx';
import { withMinus } from '../training/metric-format.ts';
import { Segmented } from '../ui/segmented.tsx';
import { Select } from '../ui/select.tsx';
import { Spinner } from '../ui/spinner.tsx';
import type { RecurrenceViewProps } from './of-recurrence.tsx';
import { shown } from './step-equations.ts';
import { stepNames } from './step-names.ts';
import { setCursor, useInsight } from './store.ts';
import { TargetSelect, useTarget } from './target-select.tsx';
import { chooseParameter, useTerms } from './terms-store.ts';
import { cursorAt, rowAt } from './time-axis.ts';
import { TimeChart } from './time-chart.tsx';
import { gradientAt, useGradient } from './use-answers.ts';
import { ViewHead } from './view-head.tsx';

type Measure = 'share' | 'norm';

/** A parameter's gradient, step by step (row L24). */
export function TermsView({ trace, recurrence, place }: RecurrenceViewProps) {
  const cursor = useInsight((s) => s.cursor);
  const parameter = useTerms((s) => s.parameter);
  const [measure, setMeasure] = useState<Measure>('share');
  const { of, label } = useTarget(trace);
  const { result, failure } = useGradient(trace.trace, of);
  const names = useMemo(() => stepNames(recurrence.steps, trace.steps), [recurrence.steps, trace.steps]);
  const terms = gradientAt(result, place)?.terms;
  const parameters = recurrence.parameters.map((one) => one.name).filter((name) => terms === undefined || name in terms);
  // The first that the lectures look at: what the state is multiplied with.
  const usual = parameters.find((name) => name.startsWith('U')) ?? parameters[0] ?? '';
  const name = parameter !== null && parameters.includes(parameter) ? parameter : usual;
  const term = terms?.[name];
  const tex = name.replace(/_(.+)$/, '_{\\mathrm{$1}}');
  const strongest = term ? term.share.reduce((best, value, step) => (value > (term.share[best] ?? 0) ? step : best), 0) : 0;
  return (
    <section className="microscope__main" aria-label="Gradient term by term">
      <ViewHead
        title="Gradient, term by term"
        shows={`${name} is one and the same at every step, so its gradient is a sum over the steps; a bar is what one of them adds.`}
        lookFor={
          measure === 'share'
            ? 'Look for the steps that make up most of it, and for bars below zero, which the others cancel.'
            : 'Look for the steps with the largest terms: sizes have no sign, so terms that cancel are as high as those that add up.'
        }
        tex={`\\frac{\\partial L}{\\partial ${tex}} = \\sum_t G_t`}
      >
        <Select
          label="Parameter"
          value={name}
          onChange={chooseParameter}
          options={parameters.map((one) => ({ value: one, label: one }))}
        />
        <Segmented<Measure>
          label="Measure"
          value={measure}
          onChange={setMeasure}
          options={[
            { value: 'share', label: 'Share' },
            { value: 'norm', label: 'Size' },
          ]}
        />
        <TargetSelect trace={trace} />
      </ViewHead>
      {failure && <FailureNote failure={failure} />}
      {!term && !failure && <Spinner label="Following the gradient back …" />}
      {term && (
        <>
          <TimeChart
            label={`Gradient of ${label} with respect to ${name}, term by term`}
            series={[
              {
                label: measure === 'share' ? `share of ${name}’s gradient` : `‖G_t‖ of ${name}`,
                color: '--cell',
                values: term[measure],
              },
            ]}
            names={names}
            form="bars"
            format={measure === 'share' ? percent : shown}
            cursor={rowAt(cursor, recurrence.steps, trace.steps)}
            onCursor={(step) => setCursor(cursorAt(step, recurrence.steps, trace.steps))}
          />
          <p className="view-head__words kept">
            All shares together are 100 % of a gradient of size <b>{shown(term.total)}</b>
            {term.total > 0 && (
              <>
                ; the largest, <b>{percent(term.share[strongest] ?? 0)}</b>, comes from “{names[strongest]}” (step {strongest + 1}
                )
              </>
            )}
            .
          </p>
        </>
      )}
    </section>
  );
}

const percent = (value: number): string => `${withMinus((100 * value).toFixed(Math.abs(value) < 0.1 ? 1 : 0))} %`;
