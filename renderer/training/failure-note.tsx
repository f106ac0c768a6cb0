import { TriangleAlert, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { nodeAt } from '../../engine/document/node-of.ts';
import { placeOf } from '../../engine/graph/blocks/inside-id.ts';
import type { Failure } from '../../engine/protocol/envelope.ts';
import { goToNode } from '../canvas/problem-place.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { Button, IconButton } from '../ui/button.tsx';
import './failure-note.css';

interface FailureNoteProps {
  readonly failure: Failure;
  readonly onDismiss?: () => void;
  /** Buttons that help. */
  readonly children?: ReactNode;
}

/** What went wrong, where, and what to do about it. */
export function FailureNote({ failure, onDismiss, children }: FailureNoteProps) {
  const place = failure.node === undefined ? null : placeOf(failure.node);
  const there = useDocumentStore((s) => place !== null && nodeAt(s.whole, place.path, place.id) !== undefined);
  return (
    <div className="failure-note" role="alert">
      <TriangleAlert size={16} aria-hidden />
      <div className="failure-note__words">
        <p>
          {failure.row !== undefined && `Line ${failure.row}: `}
          {failure.message}
        </p>
        {failure.hint !== undefined && <p className="failure-note__hint">{failure.hint}</p>}
      </div>
      {place && there && (
        <Button size="small" onClick={() => goToNode(place.path, place.id)}>
          Show node
        </Button>
      )}
      {children}
      {onDismiss && (
        <IconButton size="small" label="Dismiss" onClick={onDismiss}>
          <X size={14} aria-hidden />
        </IconButton>
      )}
    </div>
  );
}
