import type { NodeProps } from '@xyflow/react';
import { TriangleAlert } from 'lucide-react';
import { createContext, memo } from 'react';
import { nodeColour } from './colours.ts';
import type { LayerNode } from './flow-items.ts';

/** Below this zoom a card's text cannot be read, and its ports cannot be hit. */
export const nearZoom = 0.4;

/** Below this zoom blocks out of view stay drawn. */
export const wholeZoom = 0.2;

/** Whether the canvas is near enough for cards. */
export const Near = createContext(true);

/** A longer title may not have room. */
const shortTitle = 18;

/** A node seen from afar: its family's colour, its title in large letters, and whether something is wrong with it. */
export const LayerBlock = memo(function LayerBlock({ data: { node, title, problem }, selected, height }: NodeProps<LayerNode>) {
  return (
    <div className="block" data-selected={selected} data-problem={problem} style={{ height, '--family': nodeColour(node) }}>
      <span className="block__title" data-long={title.length > shortTitle}>
        {title}
      </span>
      {problem !== null && (
        <span className="block__alert" role="img" aria-label={problem === 'error' ? 'Has an error' : 'Has a warning'}>
          <TriangleAlert size={40} aria-hidden />
        </span>
      )}
    </div>
  );
});
