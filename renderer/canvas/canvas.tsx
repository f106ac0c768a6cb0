import { Background, BackgroundVariant, ConnectionLineType, ReactFlow, SelectionMode, useKeyPress } from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import { LayoutTemplate, Workflow } from 'lucide-react';
import { type KeyboardEvent, useEffect, useMemo, useRef } from 'react';
import { HealthKeeper } from '../health/marks-store.ts';
import { useCanvasSettings } from '../store/canvas-settings.ts';
import { isDirty, useDocumentStore, viewKey } from '../store/document-store.ts';
import { useUiStore } from '../store/ui-store.ts';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { useRoom, useUnfold } from '../unfold/unfold-store.ts';
import './canvas.css';
import { isTyping } from '../app/keys.ts';
import { leaveBlock } from './block-actions.ts';
import { CanvasMenu } from './canvas-menu.tsx';
import { CommentNote } from './comment-note.tsx';
import { useDetailKeeper } from './detail-keeper.ts';
import { isOf, legibleZoom, useDetail } from './detail-store.ts';
import { grid } from './drag-guides.ts';
import { useDrawn } from './drawn-store.ts';
import { FarNodes } from './far-nodes.tsx';
import { FarWires, useWiresApart } from './far-wires.tsx';
import { useWaysKeeper } from './find-ways.ts';
import { type FlowEdge, FlowItems, withPreview } from './flow-items.ts';
import { tabToNode } from './focus-node.ts';
import { FrameBox } from './frame-box.tsx';
import { GuideLines } from './guide-lines.tsx';
import { LayerCard } from './layer-card.tsx';
import { PortTip } from './port-tip.tsx';
import { QuickAdd } from './quick-add.tsx';
import { useFlowHandlers } from './use-flow-handlers.ts';
import { nearestZoom, smallestZoom } from './view.ts';
import { followPane, forgetHeading, showAgain, useViewport } from './viewport-store.ts';
import { tellOfPanning } from './wheel.ts';
import { Wire } from './wire.tsx';
import { WireHint } from './wire-hint.tsx';
import { WirePicker } from './wire-picker.tsx';
import { useWiring } from './wiring-store.ts';

const nodeTypes = { layer: LayerCard, comment: CommentNote, frame: FrameBox };
const edgeTypes = { wire: Wire };
/** The overview names React Flow, so that nothing lies on the graph. */
const creditedBeside = { hideAttribution: true };
const ariaLabels = {
  'node.a11yDescription.default':
    'Enter selects. Arrow keys move the selected nodes. W wires this node. F2 renames it. Delete removes it. M opens its menu.',
  'node.a11yDescription.keyboardDisabled': 'Enter selects. W wires this node. Delete removes it.',
  'edge.a11yDescription.default': 'Enter selects this wire. W moves its ends. Delete removes it. M opens its menu.',
  'node.a11yDescription.ariaLiveMessage': ({ direction }: { direction: string }) => `Moved ${direction}.`,
};

const snapGrid: [number, number] = [grid, grid];
const noEdges: FlowEdge[] = [];
/** Either, on every system: a trackpad's pinch comes as a wheel with Ctrl. */
const zoomKeys = ['Control', 'Meta'];
const panKey = 'Space';

function Flow() {
  const document = useDocumentStore((s) => s.document);
  const selection = useDocumentStore((s) => s.selection);
  const problems = useDocumentStore((s) => s.problems);
  const key = useDocumentStore(viewKey);
  const measured = useDrawn((s) => s.measured);
  const dragged = useDrawn((s) => s.dragged);
  const room = useRoom();
  const unfolding = useUnfold((s) => s.moving);
  const near = useDetail((s) => s.near);
  const waiting = useDetail((s) => s.waiting);
  const wires = useDetail((s) => s.wires);
  const whole = useDetail((s) => s.whole);
  const zoom = useDetail((s) => s.zoom);
  const detail = zoom >= legibleZoom ? '' : near ? 'canvas__flow--names' : 'canvas__flow--far';
  const beforeView = useDetailKeeper();
  const items = useRef(new FlowItems());
  const nodes = useMemo(
    () => items.current.nodes({ document, selection, problems, measured, dragged, room }),
    [document, selection, problems, measured, dragged, room],
  );
  useWaysKeeper(document.edges, nodes, dragged.size === 0 && !unfolding);
  const apart = useWiresApart();
  const drawn = useMemo(() => {
    if (wires === 'none' && apart.size === 0) return noEdges;
    return items.current.edges(document, selection, (id) => isOf(wires, id) || apart.has(id));
  }, [document, selection, wires, apart]);
  const preview = useWiring((s) => s.preview);
  const edges = useMemo(() => (preview && near ? withPreview(drawn, preview) : drawn), [drawn, preview, near]);
  const handlers = useFlowHandlers();
  const wheel = useCanvasSettings((s) => s.wheel);
  const panning = useKeyPress(panKey);
  const place = useViewport((s) => s.places.get(key));

  // Another document is shown from its input; one that was looked at before, as it was.
  const shown = useRef<string | null>(place ? key : null);
  useEffect(() => {
    const known = shown.current === key;
    shown.current = key;
    requestAnimationFrame(known ? followPane : () => showAgain(key));
  }, [key]);
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
        className={`${detail} ${dragged.size > 0 ? 'canvas__flow--dragging' : ''} ${panning ? 'canvas__flow--panning' : ''} ${unfolding ? 'canvas__flow--unfolding' : ''}`}
        tabIndex={-1}
        aria-label="Graph of the network"
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        {...handlers}
        onKeyDown={tabToNode}
        onWheelCapture={tellOfPanning}
        onInit={(flow) => useViewport.setState({ flow, zoom: flow.getZoom() })}
        onMoveStart={(event) => {
          if (event === null) return;
          useViewport.setState({ fitted: null });
          forgetHeading();
        }}
        onMove={(_event, viewport) => {
          if (viewport.zoom !== useViewport.getState().zoom) useViewport.setState({ zoom: viewport.zoom });
        }}
        onMoveEnd={(_event, viewport) => {
          useViewport.setState((s) => ({ zoom: viewport.zoom, places: new Map(s.places).set(key, viewport) }));
        }}
        {...(place ? { defaultViewport: place } : {})}
        minZoom={smallestZoom}
        maxZoom={nearestZoom}
        // What is dragged snaps by itself.
        snapToGrid={dragged.size === 0}
        snapGrid={snapGrid}
        deleteKeyCode={null}
        selectionKeyCode="Shift"
        multiSelectionKeyCode={['Shift', 'Control', 'Meta']}
        selectionMode={SelectionMode.Partial}
        panActivationKeyCode={panKey}
        zoomActivationKeyCode={zoomKeys}
        panOnScroll={wheel === 'pan'}
        panOnScrollSpeed={1}
        proOptions={creditedBeside}
        zoomOnDoubleClick={false}
        connectionRadius={26}
        // As large on the screen from afar.
        reconnectRadius={near ? 14 : Math.max(14, 7 / zoom)}
        connectionLineType={ConnectionLineType.Bezier}
        ariaLabelConfig={ariaLabels}
        onlyRenderVisibleElements={!whole}
        onViewportChange={beforeView}
      >
        <Background variant={BackgroundVariant.Dots} gap={22} size={1.6} color="var(--grid)" />
        {waiting && <FarNodes nodes={nodes} />}
        {(waiting || !near) && <FarWires nodes={nodes} near={near} apart={apart} />}
        <GuideLines />
      </ReactFlow>
      <WireHint />
      <PortTip />
    </CanvasMenu>
  );
}

/** Escape leaves a block once there is nothing else that it ends. */
function leaveByEscape(event: KeyboardEvent): void {
  const { level, selection } = useDocumentStore.getState();
  if (event.key !== 'Escape' || level.length === 0 || selection.size > 0 || isTyping(event.target)) return;
  if (useWiring.getState().from === null) leaveBlock();
}

/** The graph. */
export function Canvas() {
  const empty = useDocumentStore((s) =>
    [s.document.nodes, s.document.comments, s.document.frames].every((items) => items.length === 0),
  );
  const untouched = useDocumentStore((s) => !isDirty(s));
  const openDialog = useUiStore((s) => s.openDialog);
  return (
    <div className="canvas" onKeyDownCapture={leaveByEscape}>
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
      <HealthKeeper />
      <QuickAdd />
      <WirePicker />
    </div>
  );
}
