import { useEffect, useMemo, useState } from 'react';
import type { Trace } from '../../engine/protocol/inspect.ts';
import { engine } from '../bridge/engine.ts';
import { useAnswer } from '../bridge/use-answer.ts';
import { FailureNote } from '../training/failure-note.tsx';
import { Button } from '../ui/button.tsx';
import { Spinner } from '../ui/spinner.tsx';
import { TextField } from '../ui/text-field.tsx';
import { visibleToken } from '../ui/visible-token.ts';
import { compareSteps } from './compared-steps.ts';
import { HoldForm, HoldList } from './hold-form.tsx';
import type { RecurrenceViewProps } from './of-recurrence.tsx';
import { StateDifference } from './state-difference-map.tsx';
import { stepNames, stepNamesAt } from './step-names.ts';
import { useInsight } from './store.ts';
import { TargetSelect, useTarget } from './target-select.tsx';
import { axisOf, rowAt } from './time-axis.ts';
import { ViewHead } from './view-head.tsx';
import './what-if.css';
import { WhatIfResult } from './what-if-result.tsx';
import { WhatIfSplit } from './what-if-split.tsx';
import { holdsOf, releaseAll, replaceToken, useWhatIf } from './what-if-store.ts';

/** What the network says when a line of a cell is held at a value, or a token is another one. */
export function WhatIfView(props: RecurrenceViewProps) {
  const { trace, recurrence, place } = props;
  const state = recurrence.states[0]?.name ?? 'h';
  const cursor = useInsight((s) => s.cursor);
  const range = useInsight((s) => s.range);
  const all = useWhatIf((s) => s.holds);
  const edit = useWhatIf((s) => s.edit);
  const { of, label } = useTarget(trace);
  const held = useMemo(() => holdsOf(trace, all), [trace, all]);
  const asks = held.length > 0 || edit !== null;
  const key = asks ? JSON.stringify([trace.trace, held, edit, of]) : null;
  const { result, failure } = useAnswer(key, async () => ({
    ...(await engine.call('inspect.whatIf', { trace: trace.trace, holds: [...held], edit, of })),
    // While a run trains the next trace may be there already: before and after are of the same weights.
    asked: trace,
  }));
  useForgotten(result?.trace.trace);
  const found = asks && result && readsTheSame(result.asked, trace) ? result : null;
  const names = useMemo(() => stepNames(recurrence.steps, trace.steps), [recurrence.steps, trace.steps]);
  const row = rowAt(cursor, recurrence.steps, trace.steps);
  const onInput = axisOf(recurrence.steps, trace.steps) === 'input';
  // Of a recording or a picture there is nothing that could be written anew.
  const written = trace.steps.some(({ token }) => token !== '');
  const inputRow = cursor < trace.steps.length ? cursor : null;
  const changedRow = inputRow === null || !found ? null : found.was.indexOf(inputRow);
  return (
    <div className="microscope__columns what-if">
      <section className="microscope__main" aria-label="What if">
        <ViewHead
          title="What if"
          shows={`Hold a line of the cell at a value${written ? ', or put something else in place of a step' : ''}: what the network says before stands beside after.`}
          lookFor="Look for units that turn the answer when they are held, and for where the states part."
          tex={`\\Delta ${state}_t = ${state}_t^{\\text{after}} - ${state}_t^{\\text{before}}`}
        >
          <TargetSelect trace={trace} label="What is told" />
        </ViewHead>
        <HoldForm place={place} recurrence={recurrence} names={names} row={row} range={onInput ? range : null} />
        <HoldList held={held} stepNames={(hold) => stepNamesAt(trace, hold)} />
        {written && <TokenForm {...props} />}
        {all.length > 1 && (
          <Button size="small" variant="quiet" onClick={releaseAll} className="what-if__all">
            Let go of all
          </Button>
        )}
        {failure && asks && <FailureNote failure={failure} />}
        {asks && !found && !failure && <Spinner label="Running it again …" />}
        <div className="what-if__results">
          {found && (
            <WhatIfResult
              trace={found.asked}
              changed={found.trace}
              label={label}
              before={found.before}
              after={found.after}
              row={inputRow}
              changedRow={changedRow === -1 ? null : changedRow}
            />
          )}
          <WhatIfSplit trace={trace} holds={held} />
        </div>
      </section>
      <section className="microscope__main" aria-label="Where the states part">
        {found ? (
          <StateDifference {...props} trace={found.asked} changed={found.trace} was={found.was} />
        ) : (
          <p className="view-head__words">
            Here stands where the states differ, units × steps, as soon as something is held or replaced. A pinned unit and chosen
            steps are what is held first.
          </p>
        )}
      </section>
    </div>
  );
}

const readsTheSame = (asked: Trace, now: Trace): boolean =>
  asked.run === now.run && compareSteps(asked.steps, now.steps).kind === 'same';

/** Frees the trace of the question before. */
function useForgotten(id: string | undefined): void {
  useEffect(() => {
    if (id === undefined) return undefined;
    return () => void engine.call('inspect.forget', { trace: id }).catch(() => undefined);
  }, [id]);
}

/** Another text in place of the token under the cursor, or other numbers. */
function TokenForm({ trace }: Pick<RecurrenceViewProps, 'trace'>) {
  const cursor = useInsight((s) => s.cursor);
  const edit = useWhatIf((s) => s.edit);
  const [text, setText] = useState('');
  const step = Math.min(edit?.step ?? cursor, trace.steps.length - 1);
  const token = visibleToken(trace.steps[step]?.token ?? '');
  return (
    <form
      className="what-if__form"
      aria-label="Another token"
      onSubmit={(event) => {
        event.preventDefault();
        replaceToken({ step, text });
      }}
    >
      <span className="what-if__word">
        Read “{token}” (step {step + 1}) as
      </span>
      <TextField
        value={text}
        onChange={(event) => setText(event.target.value)}
        aria-label={`Instead of “${token}”`}
        placeholder="nothing: left out"
        className="what-if__token"
      />
      <Button type="submit" size="small">
        Replace
      </Button>
      {edit && (
        <Button size="small" variant="quiet" onClick={() => replaceToken(null)}>
          Undo “{edit.text || 'left out'}”
        </Button>
      )}
    </form>
  );
}
