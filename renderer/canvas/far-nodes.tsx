import { useMemo } from 'react';
import { nodeColour } from './colours.ts';
import type { FlowNode } from './flow-items.ts';
import { GraphLayer } from './graph-layer.tsx';
import { cardSize } from './make-room.ts';

/** Of a block's corner and line, px; the line lies within the block. */
const [radius, half] = [10, 1.5];

/** Outlines of all nodes in their colours, behind them: what is seen of those that wait for the end of a zoom to be drawn. One path a colour. */
export function FarNodes({ nodes }: { readonly nodes: readonly FlowNode[] }) {
  const paths = useMemo(() => {
    const byColour = new Map<string, string>();
    for (const node of nodes) {
      if (node.type !== 'layer') continue;
      const colour = nodeColour(node.data.node);
      byColour.set(colour, (byColour.get(colour) ?? '') + outlineOf(node));
    }
    return [...byColour];
  }, [nodes]);
  return (
    <GraphLayer>
      <svg className="far-nodes" role="presentation">
        {paths.map(([colour, path]) => (
          <path key={colour} d={path} style={{ '--family': colour }} />
        ))}
      </svg>
    </GraphLayer>
  );
}

function outlineOf({ position, measured }: FlowNode): string {
  const [x, y, bend] = [position.x + half, position.y + half, radius - half];
  const across = (measured?.width ?? cardSize.width) - 2 * radius;
  const down = (measured?.height ?? cardSize.height) - 2 * radius;
  const corner = (dx: number, dy: number): string => `a${bend} ${bend} 0 0 1 ${dx * bend} ${dy * bend}`;
  return `M${x + bend} ${y}h${across}${corner(1, 1)}v${down}${corner(-1, 1)}h${-across}${corner(-1, -1)}v${-down}${corner(1, -1)}z`;
}
