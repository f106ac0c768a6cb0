import { Trash2 } from 'lucide-react';
import type { GraphEdge } from '../../engine/document/schema.ts';
import { deleteSelection, nameOf } from '../canvas/canvas-actions.ts';
import { useFlowWords } from '../canvas/use-flow-words.ts';
import { Button } from '../ui/button.tsx';

/** A wire: what flows in it, and between what. */
export function WireInspector({ wire }: { readonly wire: GraphEdge }) {
  const flows = useFlowWords(wire);
  return (
    <>
      <div className="inspector__head">
        <h2>Wire</h2>
      </div>
      <p className="inspector__summary">
        From {nameOf(wire.from.node)} to {nameOf(wire.to.node)}: {flows}. Drag one of its ends to another port to move it.
      </p>
      <Button variant="danger" onClick={deleteSelection}>
        <Trash2 size={14} aria-hidden /> Delete the wire
      </Button>
    </>
  );
}
