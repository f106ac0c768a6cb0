import { useConnection } from '@xyflow/react';
import { checkConnection } from '../../engine/graph/check-connection.ts';
import type { PortRef } from '../../engine/graph/edit.ts';
import { type Direction, wireMovedTo } from './port-choices.ts';
import { useViewport } from './viewport-store.ts';
import { graphForWiring } from './wiring-store.ts';

/** Why the wire under the pointer cannot end here, and what would make it work. */
export function WireHint() {
  const over = useConnection((c) =>
    c.inProgress && c.toHandle && c.isValid === false
      ? {
          x: c.pointer.x,
          y: c.pointer.y,
          outward: c.fromHandle.type === 'source',
          a: `${c.fromHandle.nodeId}\n${c.fromHandle.id}`,
          b: `${c.toHandle.nodeId}\n${c.toHandle.id}`,
          same: c.fromHandle.type === c.toHandle.type,
        }
      : null,
  );
  const flow = useViewport((s) => s.flow);
  if (!over || !flow) return null;
  const at = flow.flowToScreenPosition({ x: over.x, y: over.y });
  const [a, b] = [parse(over.a), parse(over.b)];
  const moved = over.same ? movedWire(a, b, over.outward ? 'output' : 'input') : null;
  const verdict = moved ? moved.refusal : refusal(over.outward ? a : b, over.outward ? b : a, over.same);
  if (verdict === null && moved === null) return null;
  const pane = document.querySelector('.react-flow')?.getBoundingClientRect();
  return (
    <div
      className="wire-hint"
      data-good={verdict === null}
      style={{ left: at.x - (pane?.x ?? 0) + 16, top: at.y - (pane?.y ?? 0) + 16 }}
    >
      <strong>{verdict?.message ?? 'Moves the wire here'}</strong>
      {verdict && <span>{verdict.fix}</span>}
    </div>
  );
}

function parse(text: string): PortRef {
  const [node = '', port = ''] = text.split('\n');
  return { node, port };
}

/** The refusal of a wire with its reason and fix, or `null` when it may be drawn. */
export function refusal(
  from: PortRef,
  to: PortRef,
  sameSide: boolean,
): { readonly message: string; readonly fix: string } | null {
  if (sameSide) return { message: 'Two ports of the same side', fix: 'Draw the wire from an output to an input.' };
  const { document, facts } = graphForWiring();
  const check = checkConnection(document, facts, from, to);
  return check.ok ? null : check;
}

interface Moved {
  readonly id: string;
  readonly from: PortRef;
  readonly to: PortRef;
  readonly refusal: { readonly message: string; readonly fix: string } | null;
}

/** The wire that moves when one port is dragged onto another of the same side, and why it may not. */
export function movedWire(from: PortRef, onto: PortRef, side: Direction): Moved | null {
  const { document, facts } = graphForWiring();
  const moved = wireMovedTo(document, from, onto, side);
  if (!moved) return null;
  const rest = { ...document, edges: document.edges.filter((e) => e.id !== moved.id) };
  const check = checkConnection(rest, facts, moved.from, moved.to);
  return { ...moved, refusal: check.ok ? null : check };
}
