import type { NodeProps } from '@xyflow/react';
import { TriangleAlert } from 'lucide-react';
import { memo, useState } from 'react';
import { BlockHealth } from '../health/health-mark.tsx';
import { CardPorts } from './card-ports.tsx';
import { nodeColour } from './colours.ts';
import type { LayerNode } from './flow-items.ts';
import { fitOfNode, useWiring } from './wiring-store.ts';

/** A longer title may not have room. */
const shortTitle = 18;

/**
 * A node seen from afar: its family's colour, its title in large letters, and whether something is wrong with it. Its ports are there
 * while the pointer is on it, and while a wire is drawn from it.
 */
export const LayerBlock = memo(function LayerBlock({ id, data, selected, width, height }: NodeProps<LayerNode>) {
  const { node, title, ports, problem } = data;
  const [pointedAt, setPointedAt] = useState(false);
  const wired = useWiring((s) => s.from?.node === id);
  const fit = useWiring((s) => fitOfNode(s, id));
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keyboard has W, and the ports of the selected node's card
    <div
      className="block"
      data-selected={selected}
      data-problem={problem}
      data-fit={fit}
      style={{ width, height, '--family': nodeColour(node) }}
      onMouseEnter={() => setPointedAt(true)}
      onMouseLeave={() => setPointedAt(false)}
    >
      <span className="block__title" data-long={title.length > shortTitle}>
        {title}
      </span>
      {problem !== null && (
        <span className="block__alert" role="img" aria-label={problem === 'error' ? 'Has an error' : 'Has a warning'}>
          <TriangleAlert size={40} aria-hidden />
        </span>
      )}
      <BlockHealth id={id} />
      {(pointedAt || wired) && <CardPorts node={id} ports={ports} reachable={false} />}
    </div>
  );
});
