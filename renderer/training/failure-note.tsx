import { TriangleAlert, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { nodeOf } from '../../engine/document/node-of.ts';
import type { Failure } from '../../engine/protocol/envelope.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { useUiStore } from '../store/ui-store.ts';
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
  const node = useDocumentStore((s) => nodeOf(s.whole, failure.node));
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
      {node && (
        <Button
          size="small"
          onClick={() => {
            useUiStore.getState().setTab('design');
            useDocumentStore.getState().select([node.id]);
          }}
        >
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
