import { useId, useState } from 'react';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import { PredictionFailure, PredictionView } from '../playground/prediction-view.tsx';
import { usePrediction } from '../playground/use-prediction.ts';
import { useUiStore } from '../store/ui-store.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/text-field.tsx';
import { useTrainingStore } from './store.ts';
import './try-it.css';

/** A sentence of the user's own, answered live while the run learns. */
export function TryIt({ run }: { readonly run: RunSummary }) {
  const id = useId();
  const shown = useTrainingStore((s) => s.evaluations[run.id]?.examples[0]);
  const document = useTrainingStore((s) => s.documents[run.id]);
  const task = document?.data?.task;
  const [typed, setTyped] = useState<string | null>(null);
  // An input without tokens is numbers: a picture, a recording or a series.
  const readsNumbers = shown ? shown.tokens === null : !(document?.nodes.some(({ kind }) => kind === 'token-input') ?? true);
  // A language model puts the beginning there itself.
  const example = task === 'language-model' ? shown?.input.replaceAll(/<(bos|eos)>/g, '') : shown?.input;
  const text = readsNumbers ? '' : (typed ?? example ?? '');
  const { prediction, failure } = usePrediction(run.id, text.trim() === '' ? null : { kind: 'text', text });
  if (readsNumbers) {
    return (
      <section className="try-it" aria-label="Try it">
        <h3 className="try-it__title">Try it</h3>
        <p>
          <Button size="small" onClick={() => useUiStore.getState().setTab('playground')}>
            Open the playground
          </Button>
        </p>
      </section>
    );
  }
  return (
    <section className="try-it" aria-label="Try it">
      <label className="try-it__title" htmlFor={id}>
        Try it {run.status === 'running' && <span>updates while training</span>}
      </label>
      <TextField
        id={id}
        value={text}
        placeholder="Type something to predict"
        onChange={(event) => setTyped(event.target.value)}
      />
      <div className="try-it__answer" aria-live="polite">
        {failure && <PredictionFailure failure={failure} />}
        {!failure && prediction && <PredictionView prediction={prediction} compact />}
      </div>
    </section>
  );
}
