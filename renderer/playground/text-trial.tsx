import { useId, useState } from 'react';
import type { DataBinding } from '../../engine/document/data-binding.ts';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import { TextArea } from '../ui/text-field.tsx';
import { PredictionFailure, PredictionView } from './prediction-view.tsx';
import { type PickedRow, RowPicker } from './row-picker.tsx';
import { usePrediction } from './use-prediction.ts';

interface TrialProps {
  readonly run: RunSummary;
  readonly binding: DataBinding;
}

/** Text in, prediction out, while typing. */
export function TextTrial({ run, binding }: TrialProps) {
  const id = useId();
  const [text, setText] = useState('');
  const [row, setRow] = useState<PickedRow | null>(null);
  const { prediction, failure, busy } = usePrediction(run.id, text.trim() === '' ? null : { kind: 'text', text });
  const letters = binding.tokenizer.level === 'character';
  return (
    <>
      <div className="playground__question">
        <label htmlFor={id}>{letters ? 'Type a word' : 'Type a sentence'}</label>
        <TextArea
          id={id}
          rows={letters ? 1 : 3}
          value={text}
          placeholder={letters ? 'a word' : 'The network answers while you type'}
          onChange={(event) => {
            setText(event.target.value);
            setRow(null);
          }}
        />
      </div>
      <section className="playground__answer" aria-label="Prediction" aria-busy={busy}>
        {failure && <PredictionFailure failure={failure} />}
        {prediction && text.trim() !== '' && (
          <div aria-live="polite">
            <PredictionView prediction={prediction} />
          </div>
        )}
        {!prediction && !failure && (
          <p className="playground__hint">The prediction appears here, with the probability of each class.</p>
        )}
        {row && (
          <p className="playground__truth">
            True in the data: <b>{row.target}</b>
          </p>
        )}
      </section>
      <RowPicker
        binding={binding}
        onPick={(picked) => {
          setText(picked.input);
          setRow(picked);
        }}
      />
    </>
  );
}
