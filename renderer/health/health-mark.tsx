import { HeartPulse } from 'lucide-react';
import { lookAtGradient } from '../insight/store.ts';
import { setDock } from '../store/dock-store.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { showRun, useTrainingStore } from '../training/store.ts';
import { Tooltip } from '../ui/tooltip.tsx';
import { illnessWords } from './ailments.ts';
import './health-mark.css';
import { useHealthMarks } from './marks-store.ts';

/** What the training says is wrong with a card's layer; it leads to where that is seen. Nothing where nothing is wrong. */
export function CardHealth({ id }: { readonly id: string }) {
  const mark = useHealthMarks((s) => s.marks.get(id));
  if (mark === undefined) return null;
  const { kind, run, place, sentences } = mark;
  const look = (): void => {
    useDocumentStore.getState().select([id]);
    const summary = useTrainingStore.getState().runs.find((one) => one.id === run);
    if (summary && lookAtGradient(summary, place)) return;
    setDock('training', { open: true });
    void showRun(run);
  };
  return (
    <Tooltip
      side="top"
      content={
        <ul className="card__problems">
          {sentences.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      }
    >
      <button
        type="button"
        className="card-health nodrag"
        data-kind={kind}
        aria-label={`${illnessWords[kind].short}: show the gradient. ${sentences.join('. ')}`}
        onClick={look}
      >
        <HeartPulse size={13} aria-hidden /> {illnessWords[kind].short}
      </button>
    </Tooltip>
  );
}

/** The same of a card that is seen from afar: it is no target there. */
export function BlockHealth({ id }: { readonly id: string }) {
  const kind = useHealthMarks((s) => s.marks.get(id)?.kind);
  return kind === undefined ? null : (
    <span className="block-health" data-kind={kind} role="img" aria-label={`Health: ${illnessWords[kind].short}`}>
      <HeartPulse size={40} aria-hidden />
    </span>
  );
}
