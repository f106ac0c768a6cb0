import { Background, BackgroundVariant, type FinalConnectionState, ReactFlow, ReactFlowProvider } from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import { Maximize, Minus, Plus } from 'lucide-react';
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { wire } from '../../engine/cells/graph/change.ts';
import { removeItems } from '../../engine/cells/graph/remove.ts';
import { nearestZoom, smallestZoom } from '../canvas/view.ts';
import { announce } from '../store/ui-store.ts';
import { IconButton } from '../ui/button.tsx';
import { AddMenu } from './add-menu.tsx';
import { editGraph } from './cell-actions.ts';
import { CellFlow, type CellFlowNode, type PartWire } from './cell-flow.ts';
import { CellLayouts } from './cell-layout.ts';
import { CellBorder, CellPart } from './cell-part.tsx';
import { choose, useCellView } from './cell-view-store.ts';
import { CellWire } from './cell-wire.tsx';
import { neighbour } from './neighbour.ts';
import { PartBar } from './part-bar.tsx';
import { type CellReading, lineOf } from './read-cell.ts';
import { showPart } from './show-part.ts';
import { useCellViewport } from './use-cell-viewport.ts';
import './cell-graph.css';

const nodeTypes = { part: CellPart, border: CellBorder };
const edgeTypes = { part: CellWire };
const creditedBeside = { hideAttribution: true };
const ariaLabels = {
  'node.a11yDescription.default':
    'Arrow keys go to what is beside it. F2 names it. W wires it. Delete removes it. Escape goes out of the cell.',
  'node.a11yDescription.keyboardDisabled': 'Arrow keys go to what is beside it. Escape goes out of the cell.',
  'edge.a11yDescription.default': 'Enter selects this wire. Delete removes it.',
};

interface CellGraphProps {
  readonly id: string;
  readonly reading: CellReading;
  /** Why it is not the graph of the text that is there. */
  readonly waits: string | null;
  /** Whether it can be changed. */
  readonly own: boolean;
  readonly inputWidth: number | null;
}

/** The cell's gates, operations and states. */
export function CellGraphView(props: CellGraphProps) {
  return (
    <ReactFlowProvider>
      <Flow {...props} />
    </ReactFlowProvider>
  );
}

function Flow({ id, reading, waits, own, inputWidth }: CellGraphProps) {
  const { graph } = reading;
  const [layouts] = useState(() => new CellLayouts());
  const [drawn] = useState(() => new CellFlow());
  const layout = useMemo(() => layouts.of(graph), [layouts, graph]);
  const chosen = useCellView((s) => s.chosen);
  const line = useCellView((s) => s.line);
  const { nodes, edges } = useMemo(
    () => drawn.items(reading, layout, { chosen, line }, inputWidth),
    [drawn, reading, layout, chosen, line, inputWidth],
  );
  const pane = useRef<HTMLDivElement>(null);
  const view = useCellViewport(pane, layout, chosen);

  const select = (ids: readonly string[]): void => {
    const [first] = ids;
    const end = graph.wires.find((one) => one.id === first)?.to;
    choose(ids, first === undefined ? null : lineOf(reading, end ?? first));
  };
  const remove = (): void => {
    const gone = useCellView.getState().chosen;
    if (gone.size === 0 || !own) return;
    if (editGraph(id, reading.text, (g) => removeItems(g, gone)) === false) return;
    announce(`Removed ${[...gone].map((one) => one.replace(/^(in|out):/, '')).join(', ')}.`);
    choose([], null);
    pane.current?.focus();
  };
  const connect = (from: string, to: string, slot: number | null): void => {
    const node = editGraph(id, reading.text, (g) => wire(g, from, to, slot));
    if (typeof node === 'string') showPart(node, null, false);
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const item = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('.react-flow__node') : null;
    const at = item?.dataset['id'];
    const step = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' }[event.key];
    if (step !== undefined) {
      const next = neighbour(layout.nodes, at ?? null, step as 'left');
      if (next === null) return;
      event.preventDefault();
      showPart(next, reading);
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      event.preventDefault();
      remove();
    } else if (event.key === '+' || event.key === '=') view.zoom(true);
    else if (event.key === '-') view.zoom(false);
    else if (event.key === 'f') view.showAll();
    else if (event.key === 'F2' || (event.key === 'w' && own)) {
      event.preventDefault();
      const control = event.key === 'F2' ? '.part-bar input' : '.part-bar [data-menu="wire"]';
      const field = document.querySelector<HTMLElement>(control);
      field?.focus();
      if (field instanceof HTMLInputElement) field.select();
      // A menu opens by its own keys.
      else field?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }));
    }
  };
  return (
    <div className="cell-graph" data-waits={waits !== null}>
      <div className="cell-graph__pane">
        <ReactFlow
          ref={pane}
          onKeyDown={keys}
          tabIndex={-1}
          aria-label={own ? 'Graph of the cell' : 'Graph of the cell, to look at'}
          nodes={nodes as CellFlowNode[]}
          edges={edges as PartWire[]}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          nodesDraggable={false}
          nodesConnectable={own}
          edgesReconnectable={false}
          deleteKeyCode={null}
          selectionKeyCode="Shift"
          multiSelectionKeyCode={['Shift', 'Control', 'Meta']}
          minZoom={smallestZoom}
          maxZoom={nearestZoom}
          onMove={(event) => event !== null && view.moved()}
          zoomOnDoubleClick={false}
          proOptions={creditedBeside}
          ariaLabelConfig={ariaLabels}
          connectionRadius={10}
          onNodeClick={(event, node) => {
            const more = event.shiftKey || event.ctrlKey || event.metaKey;
            const before = useCellView.getState().chosen;
            if (!more) select([node.id]);
            else select(before.has(node.id) ? [...before].filter((one) => one !== node.id) : [...before, node.id]);
          }}
          onEdgeClick={(_event, edge) => select([edge.id])}
          onPaneClick={() => select([])}
          onNodesChange={(changes) => {
            // Enter on what has the focus.
            for (const change of changes) if (change.type === 'select' && change.selected) select([change.id]);
          }}
          onEdgesChange={(changes) => {
            for (const change of changes) if (change.type === 'select' && change.selected) select([change.id]);
          }}
          onConnect={({ source, target, targetHandle }) =>
            connect(source, target, targetHandle === null ? null : Number(targetHandle))
          }
          onConnectEnd={(event, state: FinalConnectionState) => {
            if (state.toHandle !== null || state.fromHandle?.type !== 'source') return;
            const point = 'changedTouches' in event ? event.changedTouches[0] : event;
            const over = point && document.elementFromPoint(point.clientX, point.clientY);
            const target = over?.closest<HTMLElement>('.react-flow__node')?.dataset['id'];
            if (target !== undefined && target !== '<border>') connect(state.fromHandle.nodeId, target, null);
          }}
        >
          <Background variant={BackgroundVariant.Dots} gap={22} size={1.6} color="var(--grid)" />
        </ReactFlow>
        <div className="cell-graph__tools">
          {own && <AddMenu id={id} reading={reading} />}
          {waits !== null && <span className="cell-graph__waits">{waits}</span>}
          <span className="cell-graph__space" />
          <IconButton label="Zoom in" shortcut="+" size="small" onClick={() => view.zoom(true)}>
            <Plus size={15} aria-hidden />
          </IconButton>
          <IconButton label="Zoom out" shortcut="-" size="small" onClick={() => view.zoom(false)}>
            <Minus size={15} aria-hidden />
          </IconButton>
          <IconButton label="Zoom to fit" shortcut="F" size="small" onClick={view.showAll}>
            <Maximize size={14} aria-hidden />
          </IconButton>
        </div>
      </div>
      <PartBar id={id} reading={reading} own={own} inputWidth={inputWidth} connect={connect} remove={remove} />
    </div>
  );
}
