import { useId } from 'react';
import type { DataBinding } from '../../engine/document/data-binding.ts';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import { TextArea } from '../ui/text-field.tsx';
import { PredictionView } from './prediction-view.tsx';
import { decodeOf } from './search-choice.ts';
import { SearchSettings } from './search-settings.tsx';
import { TrialFrame } from './trial-frame.tsx';
import { usePrediction } from './use-prediction.ts';
import { useTypedQuestion } from './use-typed-question.ts';

interface TrialProps {
  readonly run: RunSummary;
  readonly binding: DataBinding;
}

/** Text in, prediction out, while typing. */
export function TextTrial({ run, binding }: TrialProps) {
  const id = useId();
  const [{ text, row, search }, ask] = useTypedQuestion(run.id);
  const sequence = binding.task === 'sequence-to-sequence';
  const decode = sequence ? decodeOf(search) : undefined;
  const { prediction, failure, busy } = usePrediction(run.id, text.trim() === '' ? null : { kind: 'text', text, decode });
  const letters = binding.tokenizer.level === 'character';
  return (
    <TrialFrame
      binding={binding}
      busy={busy}
      waiting={text.trim() !== '' && !prediction && !failure}
      failure={failure}
      row={row}
      onPick={(picked) => ask({ text: picked.input, row: picked })}
      question={
        <>
          <label htmlFor={id}>{sequence ? 'Type an input' : letters ? 'Type a word' : 'Type a sentence'}</label>
          <TextArea
            id={id}
            rows={letters && !sequence ? 1 : 3}
            value={text}
            placeholder={letters && !sequence ? 'a word' : 'The network answers while you type'}
            onChange={(event) => ask({ text: event.target.value, row: null })}
          />
          {sequence && <SearchSettings value={search} onChange={(next) => ask({ search: next })} />}
        </>
      }
    >
      {prediction && text.trim() !== '' && (
        <div aria-live="polite">
          <PredictionView prediction={prediction} />
        </div>
      )}
      {text.trim() === '' && (
        <p className="playground__hint">
          {sequence
            ? 'What the model says appears here, with the probability of each sequence and what it attended to.'
            : binding.task === 'sequence-regression'
              ? 'The prediction appears here.'
              : 'The prediction appears here, with the probability of each class.'}
        </p>
      )}
    </TrialFrame>
  );
}
