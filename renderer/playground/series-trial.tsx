import { useId, useMemo } from 'react';
import type { DataBinding } from '../../engine/document/data-binding.ts';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import { TextArea } from '../ui/text-field.tsx';
import { parseSeries } from './parse-series.ts';
import { PredictionView } from './prediction-view.tsx';
import { decodeOf } from './search-choice.ts';
import { SearchSettings } from './search-settings.tsx';
import { SeriesPreview } from './series-preview.tsx';
import { TrialFrame } from './trial-frame.tsx';
import { usePrediction } from './use-prediction.ts';
import { useRunFacts } from './use-run-facts.ts';
import { useTypedQuestion } from './use-typed-question.ts';

interface TrialProps {
  readonly run: RunSummary;
  readonly binding: DataBinding;
}

/** A pasted series in, the next values out. */
export function SeriesTrial({ run, binding }: TrialProps) {
  const id = useId();
  const [{ text, row, search }, ask] = useTypedQuestion(run.id);
  const facts = useRunFacts(run.id);
  const width = facts?.features ?? null;
  const parsed = useMemo(() => parseSeries(text.replace(/…$/, ''), width), [text, width]);
  const rows = parsed.ok ? parsed.rows : [];
  const sequence = binding.task === 'sequence-to-sequence';
  const decode = sequence ? decodeOf(search) : undefined;
  // What is shown of a long row may be shortened: it is asked about by its place.
  const long = row?.input.endsWith('…') ? row : null;
  const { prediction, failure, busy } = usePrediction(
    run.id,
    long
      ? { kind: 'example', split: long.split, index: long.index, decode }
      : rows.length === 0
        ? null
        : { kind: 'series', rows, decode },
  );
  const names = binding.source.kind === 'file' ? binding.source.reader.inputColumns : [];
  const forecast =
    prediction?.kind === 'numbers' ? { values: prediction.values, names: prediction.names, ahead: binding.window.horizon } : null;
  return (
    <TrialFrame
      binding={binding}
      busy={busy}
      waiting={busy && !prediction && !failure}
      failure={failure}
      row={row}
      onPick={(picked) => ask({ text: picked.input, row: picked })}
      question={
        <>
          <label htmlFor={id}>Paste a series</label>
          <TextArea
            id={id}
            rows={4}
            className="playground__numbers"
            value={text}
            placeholder={
              width !== null && width > 1
                ? `one step a line, ${width} numbers each, oldest first`
                : '12.8, 10.6, 11.7, … oldest first'
            }
            aria-invalid={parsed.ok ? undefined : true}
            onChange={(event) => ask({ text: event.target.value, row: null })}
          />
          <p className="playground__hint" role="status">
            {parsed.ok
              ? `${rows.length} ${rows.length === 1 ? 'step' : 'steps'}${long ? ' of the row are shown, all of them are read' : ''}${
                  binding.task === 'forecasting'
                    ? `; the run was trained on windows of ${binding.window.length}, and predicts ${binding.window.horizon === 1 ? 'the next step' : `${binding.window.horizon} steps ahead`}`
                    : ''
                }.`
              : parsed.message}
          </p>
          {sequence && <SearchSettings value={search} onChange={(next) => ask({ search: next })} />}
        </>
      }
    >
      {prediction && (long || rows.length > 0) && (
        <div aria-live="polite">
          <PredictionView prediction={prediction} />
        </div>
      )}
      {rows.length > 1 ? (
        <div className="playground__chart">
          <SeriesPreview rows={rows} names={names} predicted={forecast} />
        </div>
      ) : (
        <p className="playground__hint">
          {binding.task === 'forecasting'
            ? 'The forecast appears here, drawn after the end of the series.'
            : 'The prediction appears here.'}
        </p>
      )}
    </TrialFrame>
  );
}
