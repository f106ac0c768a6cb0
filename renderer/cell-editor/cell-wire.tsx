import { BaseEdge, type EdgeProps } from '@xyflow/react';
import { memo } from 'react';
import type { PartWire } from './cell-flow.ts';
import { wireWay } from './wire-way.ts';

/** A wire inside a cell, in the colour of what flows. */
export const CellWire = memo(function CellWire({ id, sourceX, sourceY, targetX, targetY, selected, data }: EdgeProps<PartWire>) {
  const path = wireWay({ x: sourceX, y: sourceY }, data?.way ?? [], { x: targetX, y: targetY });
  return (
    <g className="cell-wire" data-role={data?.role} data-selected={selected} data-lit={data?.lit}>
      <BaseEdge id={id} path={path} interactionWidth={16} />
    </g>
  );
});
