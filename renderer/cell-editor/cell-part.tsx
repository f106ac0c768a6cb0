import { Handle, type NodeProps, Position } from '@xyflow/react';
import { memo } from 'react';
import { Tooltip } from '../ui/tooltip.tsx';
import type { PartNode } from './cell-flow.ts';

/** A gate, an operation, or an end of the cell. */
export const CellPart = memo(function CellPart({ data, selected }: NodeProps<PartNode>) {
  const { placed, lit, width, told, problem } = data;
  const { node, look, slots } = placed;
  const role = node.kind === 'operation' ? undefined : node.kind === 'input' && node.name === 'x' ? 'input' : 'state';
  return (
    <Tooltip side="top" content={told}>
      <div
        className={`part part--${look.shape}`}
        data-role={role}
        data-selected={selected}
        data-lit={lit}
        data-problem={problem}
        style={{ width: placed.width, height: placed.height }}
      >
        {node.kind !== 'input' &&
          slots.map(({ slot, at }) => (
            <Handle
              key={slot}
              id={String(slot)}
              type="target"
              position={Position.Left}
              className="part__port"
              style={{ top: at }}
              tabIndex={-1}
            />
          ))}
        <div className="part__head">
          {look.title !== null && <span className="part__title">{look.title}</span>}
          {look.action !== '' && <span className="part__action">{look.action}</span>}
        </div>
        {look.detail !== null && (
          <div className="part__detail">
            {look.detail}
            {width !== '' && <span className="part__width"> · {width.replace('B·', '')}</span>}
          </div>
        )}
        {node.kind !== 'output' && <Handle type="source" position={Position.Right} className="part__port" tabIndex={-1} />}
      </div>
    </Tooltip>
  );
});

/** The cell itself: what is in it lies between its inputs and what it gives. */
export const CellBorder = memo(function CellBorder() {
  return <div className="cell-border" />;
});
