import type { ReactNode } from 'react';
import type { DataBinding } from '../../engine/document/data-binding.ts';
import type { Failure } from '../../engine/protocol/envelope.ts';
import { Spinner } from '../ui/spinner.tsx';
import { PredictionFailure } from './prediction-view.tsx';
import { type PickedRow, RowPicker } from './row-picker.tsx';

interface TrialFrameProps {
  readonly binding: DataBinding;
  readonly question: ReactNode;
  readonly busy: boolean;
  /** Whether something is asked that has no answer yet. */
  readonly waiting: boolean;
  readonly failure: Failure | null;
  /** The row of the data that is asked about, which knows the truth; `null` when the question is the user's own. */
  readonly row: PickedRow | null;
  onPick(row: PickedRow): void;
  /** The answer. */
  readonly children: ReactNode;
}

/** A question, its answer beside the truth when that is known, and rows of the data to ask about. */
export function TrialFrame({ binding, question, busy, waiting, failure, row, onPick, children }: TrialFrameProps) {
  return (
    <>
      <div className="playground__question">{question}</div>
      <section className="playground__answer" aria-label="Prediction" aria-busy={busy}>
        {failure && <PredictionFailure failure={failure} />}
        {waiting && <Spinner label="Asking the network …" />}
        {children}
        {row && (
          <p className="playground__truth">
            True in the data: <b>{row.target}</b>
          </p>
        )}
      </section>
      <RowPicker binding={binding} onPick={onPick} />
    </>
  );
}
