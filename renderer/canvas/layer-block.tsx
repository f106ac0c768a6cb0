import type { NodeProps } from '@xyflow/react';
import { TriangleAlert } from 'lucide-react';
import { memo } from 'react';
import { nodeColour } from './colours.ts';
import type { LayerNode } from './flow-items.ts';

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
