import { FoldHorizontal, UnfoldHorizontal } from 'lucide-react';
import type { NodePorts } from '../../engine/graph/blocks/ports.ts';
import { portId, wiredPorts } from '../canvas/port-choices.ts';
import { isCell } from '../canvas/port-places.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { Tooltip } from '../ui/tooltip.tsx';
import { toggleUnfolded } from './toggle.ts';

interface UnfoldButtonProps {
  readonly id: string;
  readonly ports: NodePorts | undefined;
  /** Whether it is unfolded. */
  readonly open: boolean;
  /** Whether Tab stops at it: on the selected card only, as at its ports. */
  readonly reachable: boolean;
}

/** On the card of what runs a cell: unfolds it in time, and folds it again. */
export function UnfoldButton({ id, ports, open, reachable }: UnfoldButtonProps) {
  const cell = ports?.inputs.find(isCell)?.name ?? '';
  const wired = useDocumentStore((s) => wiredPorts(s.document.edges).has(portId({ node: id, port: cell }, 'input')));
  if (!wired) return null;
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
