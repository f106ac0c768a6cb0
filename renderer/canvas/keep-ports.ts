import type { Handle, NodeHandle, useStoreApi } from '@xyflow/react';
import type { FlowEdge, FlowNode } from './flow-items.ts';

/**
 * React Flow measures the ports of each node that is drawn anew, and finds none on a block. It gets those back that it was told of, where
 * they are on the card: wires meet them there at any zoom.
 *
 * @returns what ends it
 */
export function keepPorts(canvas: ReturnType<typeof useStoreApi<FlowNode, FlowEdge>>): () => void {
  return canvas.subscribe(({ nodeLookup }) => {
    let lost = false;
    for (const { id, internals } of nodeLookup.values()) {
      const { handleBounds: found, userNode } = internals;
      if (!found || found.source !== null || found.target !== null || !userNode.handles?.length) continue;
      lost = true;
      internals.handleBounds = { source: toldOf(userNode.handles, 'source', id), target: toldOf(userNode.handles, 'target', id) };
    }
    if (lost) canvas.setState({});
  });
}

const toldOf = (handles: readonly NodeHandle[], type: Handle['type'], nodeId: string): Handle[] =>
  handles
    .filter((handle) => handle.type === type)
    .map(({ id = null, x, y, position, width = 1, height = 1 }) => ({ id, nodeId, x, y, position, width, height, type }));
