import { FoldHorizontal, UnfoldHorizontal } from 'lucide-react';
import type { GraphNode } from '../../engine/document/schema.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { Tooltip } from '../ui/tooltip.tsx';
import { toggleUnfolded } from './toggle.ts';
import { useUnfolded } from './unfold-store.ts';
import { canUnfold } from './unrolled.ts';

interface UnfoldButtonProps {
  readonly id: string;
  readonly node: GraphNode;
  /** Whether Tab stops at it: on the selected card only, as at its ports. */
  readonly reachable: boolean;
}

/** On the card of what runs a cell: unfolds it in time, and folds it again. */
export function UnfoldButton({ id, node, reachable }: UnfoldButtonProps) {
  const open = useUnfolded(id)?.phase === 'open';
  const can = useDocumentStore((s) => canUnfold(s.document, node));
  if (!can && !open) return null;
  return (
    <Tooltip content={open ? 'Fold into one card' : 'Unfold in time'} shortcut="U">
      <button
        type="button"
        className="unfold-button nodrag nokey"
        aria-label="Unfolded in time"
        aria-expanded={open}
        tabIndex={reachable || open ? 0 : -1}
        onClick={(event) => {
          event.stopPropagation();
          toggleUnfolded(id);
        }}
        onDoubleClick={(event) => event.stopPropagation()}
      >
        {open ? <FoldHorizontal size={14} aria-hidden /> : <UnfoldHorizontal size={14} aria-hidden />}
      </button>
    </Tooltip>
  );
}
