import {
  applyEdgeChanges,
  applyNodeChanges,
  Background,
  Controls,
  type Edge,
  MiniMap,
  type Node,
  type OnEdgesChange,
  type OnNodesChange,
  ReactFlow,
} from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { StrictMode, useCallback, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';

/** Nodes and wires to show, put there by the benchmark. */
declare global {
  interface Window {
    stress: { readonly nodes: Node[]; readonly edges: Edge[] };
  }
}

/** React Flow's stress example (https://reactflow.dev/examples/nodes/stress): default nodes, with overview and controls. */
function Stress() {
  const [nodes, setNodes] = useState<Node[]>([]);
  const [edges, setEdges] = useState<Edge[]>([]);
  const onNodesChange: OnNodesChange = useCallback((changes) => setNodes((before) => applyNodeChanges(changes, before)), []);
  const onEdgesChange: OnEdgesChange = useCallback((changes) => setEdges((before) => applyEdgeChanges(changes, before)), []);
  useEffect(() => {
    const open = (event: KeyboardEvent): void => {
      if (event.key !== 'Enter') return;
      setNodes(window.stress.nodes);
      setEdges(window.stress.edges);
    };
    window.addEventListener('keydown', open);
    return () => window.removeEventListener('keydown', open);
  }, []);
  return nodes.length === 0 ? null : (
    <ReactFlow nodes={nodes} edges={edges} onNodesChange={onNodesChange} onEdgesChange={onEdgesChange} minZoom={0} fitView>
      <MiniMap />
      <Controls />
      <Background />
    </ReactFlow>
  );
}

const root = document.getElementById('root');
if (root !== null)
  createRoot(root).render(
    <StrictMode>
      <Stress />
    </StrictMode>,
  );
