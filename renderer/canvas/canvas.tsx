import { Background, BackgroundVariant, ConnectionLineType, ReactFlow, SelectionMode } from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import { LayoutTemplate, Workflow } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { isDirty, useDocumentStore } from '../store/document-store.ts';
import { useUiStore } from '../store/ui-store.ts';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import './canvas.css';
import { CanvasMenu } from './canvas-menu.tsx';
import { CommentNote } from './comment-note.tsx';
import { FlowItems } from './flow-items.ts';
import { LayerCard } from './layer-card.tsx';
import { QuickAdd } from './quick-add.tsx';
import { useFlowHandlers } from './use-flow-handlers.ts';
import { smallestZoom } from './view.ts';
import { followPane, showFromInput, useViewport } from './viewport-store.ts';
import { Wire } from './wire.tsx';
import { WireHint } from './wire-hint.tsx';
import { WirePicker } from './wire-picker.tsx';

const nodeTypes = { layer: LayerCard, comment: CommentNote };
const edgeTypes = { wire: Wire };
/** The overview names React Flow, so that nothing lies on the graph. */
const creditedBeside = { hideAttribution: true };
const ariaLabels = {
  'node.a11yDescription.default':
    'Enter selects. Arrow keys move the selected nodes. W wires this node. Delete removes it. Shift and F10 opens its menu.',
  'node.a11yDescription.keyboardDisabled': 'Enter selects. W wires this node. Delete removes it.',
  'edge.a11yDescription.default': 'Enter selects this wire. Delete removes it.',
  'node.a11yDescription.ariaLiveMessage': ({ direction }: { direction: string }) => `Moved ${direction}.`,
};

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

  // Another document is shown from its input, once its nodes have been measured; one that was looked at before, as it was.
  const shown = useRef<string | null>(place ? key : null);
  const ready = nodes.every((node) => node.measured !== undefined);
  useEffect(() => {
    if (!ready) return;
    const known = shown.current === key;
    shown.current = key;
    requestAnimationFrame(known ? followPane : showFromInput);
  }, [ready, key]);
  const pane = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!pane.current) return;
    const observer = new ResizeObserver(followPane);
    observer.observe(pane.current);
    return () => observer.disconnect();
  }, []);
  useEffect(() => () => useViewport.setState({ flow: null }), []);

  return (
    <CanvasMenu>
      <ReactFlow
        ref={pane}
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
        minZoom={smallestZoom}
        maxZoom={3}
        snapToGrid
        snapGrid={[11, 11]}
        deleteKeyCode={null}
        selectionKeyCode="Shift"
        multiSelectionKeyCode={['Shift', 'Control', 'Meta']}
        selectionMode={SelectionMode.Partial}
        panActivationKeyCode="Space"
        panOnScroll={false}
        proOptions={creditedBeside}
        zoomOnDoubleClick={false}
        connectionRadius={26}
        reconnectRadius={14}
        connectionLineType={ConnectionLineType.Bezier}
        ariaLabelConfig={ariaLabels}
        onlyRenderVisibleElements={nodes.length > 300}
      >
        <Background variant={BackgroundVariant.Dots} gap={22} size={1.6} color="var(--grid)" />
      </ReactFlow>
      <WireHint />
    </CanvasMenu>
  );
}

/** The graph. */
export function Canvas() {
  const empty = useDocumentStore((s) => s.document.nodes.length === 0 && s.document.comments.length === 0);
  const untouched = useDocumentStore((s) => !isDirty(s));
  const openDialog = useUiStore((s) => s.openDialog);
  return (
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
            Drag layers from the left, or press <kbd>/</kbd> and type. Wire an input through a recurrent layer, with a cell below
            it, to a head. Or begin with a template that has data and trains at once.
          </EmptyState>
        </div>
      )}
      <QuickAdd />
      <WirePicker />
    </div>
  );
}
