import { MiniMap } from '@xyflow/react';
import { findLayer } from '../../engine/layers/registry.ts';
import { familyColour } from './colours.ts';
import type { FlowNode } from './flow-items.ts';
import './overview.css';

const nodeColour = (node: FlowNode): string =>
  node.type === 'comment' ? 'var(--line)' : familyColour(findLayer(node.data.node.kind)?.family);

/** The graph in small, beside the canvas rather than on it. Dragging in it moves the view. */
export function Overview() {
  return (
    <section className="overview" aria-label="Overview">
      <MiniMap
        className="overview__map"
        ariaLabel="Overview of the graph"
        nodeColor={nodeColour}
        nodeStrokeColor="transparent"
        nodeStrokeWidth={0}
        nodeBorderRadius={4}
        pannable
        zoomable
        bgColor="var(--background)"
        maskColor="color-mix(in srgb, var(--panel) 70%, transparent)"
        maskStrokeColor="var(--control-line)"
        maskStrokeWidth={1}
      />
      <a className="overview__credit" href="https://reactflow.dev" target="_blank" rel="noopener noreferrer">
        Canvas by React Flow
      </a>
    </section>
  );
}
