import {
  Background,
  BackgroundVariant,
  ConnectionLineType,
  MiniMap,
  ReactFlow,
  ReactFlowProvider,
  SelectionMode,
} from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import { LayoutTemplate, Maximize, MessageSquarePlus, Minus, Plus, Workflow } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { findLayer } from '../../engine/layers/registry.ts';
import { isDirty, useDocumentStore } from '../store/document-store.ts';
import { useUiStore } from '../store/ui-store.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import './canvas.css';
import { arrange, insertComment } from './canvas-actions.ts';
import { CanvasMenu } from './canvas-menu.tsx';
import { familyColour } from './colours.ts';
import { CommentNote } from './comment-note.tsx';
import { FlowItems, type FlowNode } from './flow-items.ts';
import { LayerCard } from './layer-card.tsx';
import { QuickAdd } from './quick-add.tsx';
import { useFlowHandlers } from './use-flow-handlers.ts';
import { cameraTime, refit, useViewport, zoomToFit } from './viewport-store.ts';
import { Wire } from './wire.tsx';
import { WireHint } from './wire-hint.tsx';
import { WirePicker } from './wire-picker.tsx';

const nodeTypes = { layer: LayerCard, comment: CommentNote };
const edgeTypes = { wire: Wire };
const ariaLabels = {
  'node.a11yDescription.default':
    'Enter selects. Arrow keys move the selected nodes. W wires this node. Delete removes it. Shift and F10 opens its menu.',
  'node.a11yDescription.keyboardDisabled': 'Enter selects. W wires this node. Delete removes it.',
  'edge.a11yDescription.default': 'Enter selects this wire. Delete removes it.',
  'node.a11yDescription.ariaLiveMessage': ({ direction }: { direction: string }) => `Moved ${direction}.`,
};

const minimapColour = (node: FlowNode): string =>
  node.type === 'comment' ? 'var(--line)' : familyColour(findLayer(node.data.node.kind)?.family);

function Flow() {
  const document = useDocumentStore((s) => s.document);
  const selection = useDocumentStore((s) => s.selection);
  const key = useDocumentStore((s) => s.autosaveKey);
  const [measured, setAllMeasured] = useState<ReadonlyMap<string, { width: number; height: number }>>(new Map());
  const setMeasured = useCallback((sizes: ReadonlyMap<string, { width: number; height: number }>) => {
    setAllMeasured((before) => {
      const changed = [...sizes].filter(([id, s]) => before.get(id)?.width !== s.width || before.get(id)?.height !== s.height);
      return changed.length === 0 ? before : new Map([...before, ...changed]);
    });
  }, []);
  const items = useRef(new FlowItems());
  const nodes = useMemo(() => items.current.nodes(document, selection, measured), [document, selection, measured]);
  const edges = useMemo(() => items.current.edges(document, selection), [document, selection]);
  const handlers = useFlowHandlers(setMeasured);
  const place = useViewport((s) => s.places.get(key));

  // Another document: show all of it, once its nodes have been measured. One that was left whole is whole again, also when the
  // panel over the canvas has grown meanwhile.
  const shown = useRef<string | null>(place ? key : null);
  const ready = nodes.length > 0 && nodes.every((node) => node.measured !== undefined);
  useEffect(() => {
    if (!ready) return;
    const known = shown.current === key;
    shown.current = key;
    requestAnimationFrame(() => (known ? refit() : zoomToFit()));
  }, [ready, key]);
  useEffect(() => () => useViewport.setState({ flow: null }), []);

  return (
    <CanvasMenu>
      <ReactFlow
        aria-label="Graph of the network"
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        {...handlers}
        onInit={(flow) => useViewport.setState({ flow, zoom: flow.getZoom() })}
        onMoveStart={(event) => {
          if (event !== null) useViewport.setState({ fitted: null });
        }}
        onMove={(_event, viewport) => {
          if (viewport.zoom !== useViewport.getState().zoom) useViewport.setState({ zoom: viewport.zoom });
        }}
        onMoveEnd={(_event, viewport) => {
          useViewport.setState((s) => ({ zoom: viewport.zoom, places: new Map(s.places).set(key, viewport) }));
        }}
        {...(place ? { defaultViewport: place } : {})}
        minZoom={0.1}
        maxZoom={3}
        snapToGrid
        snapGrid={[11, 11]}
        deleteKeyCode={null}
        selectionKeyCode="Shift"
        multiSelectionKeyCode={['Shift', 'Control', 'Meta']}
        selectionMode={SelectionMode.Partial}
        panActivationKeyCode="Space"
        panOnScroll={false}
        zoomOnDoubleClick={false}
        connectionRadius={26}
        reconnectRadius={14}
        connectionLineType={ConnectionLineType.Bezier}
        ariaLabelConfig={ariaLabels}
        onlyRenderVisibleElements={nodes.length > 300}
      >
        <Background variant={BackgroundVariant.Dots} gap={22} size={1.6} color="var(--grid)" />
        <MiniMap
          className="canvas__minimap"
          ariaLabel="Overview of the graph"
          nodeColor={minimapColour}
          nodeBorderRadius={4}
          pannable
          zoomable
          bgColor="var(--panel)"
          maskColor="color-mix(in srgb, var(--background) 70%, transparent)"
        />
      </ReactFlow>
      <WireHint />
    </CanvasMenu>
  );
}

/** The graph, with its toolbar. */
export function Canvas() {
  const empty = useDocumentStore((s) => s.document.nodes.length === 0 && s.document.comments.length === 0);
  const untouched = useDocumentStore((s) => !isDirty(s));
  const flow = useViewport((s) => s.flow);
  const openDialog = useUiStore((s) => s.openDialog);
  return (
    <ReactFlowProvider>
      <div className="canvas">
        <Flow />
        {empty && (
          <div className="canvas__empty">
            <EmptyState
              title={untouched ? 'Start a network' : 'The canvas is empty'}
              icon={<Workflow size={34} />}
              actions={
                <Button variant="primary" onClick={() => openDialog('templates')}>
                  <LayoutTemplate size={15} aria-hidden /> Choose a template
                </Button>
              }
            >
              Drag layers from the left, or press <kbd>/</kbd> and type. Wire an input through a recurrent layer, with a cell
              below it, to a head. Or begin with a template that has data and trains at once.
            </EmptyState>
          </div>
        )}
        <div className="canvas__tools" role="toolbar" aria-label="Canvas tools">
          <IconButton label="Zoom in" shortcut="+" size="small" onClick={() => flow?.zoomIn({ duration: cameraTime() })}>
            <Plus size={15} aria-hidden />
          </IconButton>
          <IconButton label="Zoom out" shortcut="-" size="small" onClick={() => flow?.zoomOut({ duration: cameraTime() })}>
            <Minus size={15} aria-hidden />
          </IconButton>
          <IconButton label="Zoom to fit" shortcut="F" size="small" onClick={() => zoomToFit()}>
            <Maximize size={14} aria-hidden />
          </IconButton>
          <IconButton label="Arrange the graph" shortcut="L" size="small" onClick={arrange}>
            <Workflow size={15} aria-hidden />
          </IconButton>
          <IconButton label="Add a comment" shortcut="C" size="small" onClick={() => insertComment()}>
            <MessageSquarePlus size={15} aria-hidden />
          </IconButton>
        </div>
        <QuickAdd />
        <WirePicker />
      </div>
    </ReactFlowProvider>
  );
}
