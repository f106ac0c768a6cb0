import {
  type Connection,
  type EdgeChange,
  type FinalConnectionState,
  type NodeChange,
  type OnConnectStartParams,
  useReactFlow,
  useStoreApi,
} from '@xyflow/react';
import { type DragEvent, type MouseEvent as ReactMouseEvent, useMemo, useRef } from 'react';
import { checkConnection } from '../../engine/graph/check-connection.ts';
import { connect, insertOnWire, moveTo, moveWire, remove } from '../../engine/graph/edit.ts';
import { isLayerKind } from '../../engine/layers/registry.ts';
import { openCell } from '../cell-editor/open-cell.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { announce } from '../store/ui-store.ts';
import { roomNow } from '../unfold/unfold-store.ts';
import { openBlock } from './block-actions.ts';
import { nameOf, putIntoWire } from './canvas-actions.ts';
import { useDetail } from './detail-store.ts';
import { endDrag, snapDrag } from './drag-guides.ts';
import { setMeasured } from './drawn-store.ts';
import { fitsWire } from './drop-fits.ts';
import { dropOnNode, nodeUnder, pointOf, refuse } from './drop-wire.ts';
import { useFarPointer } from './far-wires.tsx';
import type { FlowEdge, FlowNode } from './flow-items.ts';
import { carriedAlong, encloses } from './frame-contents.ts';
import { giveCell, insertPart } from './insert-part.ts';
import { blockDragType, cellDragType, draggedPart, endPartDrag, layerDragType } from './layer-drag.ts';
import { liftedPlace, liftTo, putDown } from './lift.ts';
import { layerPart, myBlock } from './parts.ts';
import { press } from './press.ts';
import { useQuickAdd } from './quick-add.tsx';
import { inDocument, movedInDocument, seenDocument, shownSize } from './seen-graph.ts';
import { wireRuns } from './wire-curves.ts';
import { type Rect, wireThrough } from './wire-geometry.ts';
import { movedWire, refusal } from './wire-hint.tsx';
import { beginWiring, endWiring, graphForWiring, useWiring } from './wiring-store.ts';
import { wrapperAt, wrapperUnder } from './wrapper-at.ts';

const store = useDocumentStore.getState;

type Ends = Pick<Connection, 'source' | 'target' | 'sourceHandle' | 'targetHandle'>;
type LooseEnds = { source: string; target: string; sourceHandle?: string | null; targetHandle?: string | null };
const ends = (c: Ends | LooseEnds) => ({
  from: { node: c.source, port: c.sourceHandle ?? '' },
  to: { node: c.target, port: c.targetHandle ?? '' },
});

/** Pixels around the pointer within which it points at a wire. */
const farReach = 6;

/** Turns what React Flow reports into edits of the document. */
export function useFlowHandlers() {
  const flow = useReactFlow<FlowNode, FlowEdge>();
  const canvas = useStoreApi<FlowNode, FlowEdge>();
  const reconnected = useRef(false);
  /** Where the canvas begins on the screen while something is dragged: asked for at each move, the page would be laid out for it. */
  const corner = useRef({ x: 0, y: 0 });

  return useMemo(() => {
    /** Wires as they lie on the canvas now. */
    const curves = () => wireRuns(store().document.edges, new Map(canvas.getState().nodes.map((node) => [node.id, node])));
    /** The wire that a node lying there could be put into. */
    const wireFor = (node: FlowNode): string | null => {
      if (node.type !== 'layer' || store().document.edges.some((e) => e.to.node === node.id || e.from.node === node.id))
        return null;
      const rect: Rect = { ...node.position, width: node.measured?.width ?? 178, height: node.measured?.height ?? 62 };
      const wire = wireThrough(curves(), rect);
      return wire !== null && insertOnWire(store().document, store().facts, wire, node.id) ? wire : null;
    };
    /** The wire that the pointer is on. */
    const wireNear = (screen: { readonly x: number; readonly y: number }): string | null => {
      const reach = farReach / flow.getViewport().zoom;
      const p = flow.screenToFlowPosition(screen, { snapToGrid: false });
      return wireThrough(curves(), { x: p.x - reach, y: p.y - reach, width: 2 * reach, height: 2 * reach });
    };
    /** A frame that an area is drawn in, or across: only one that lies wholly in the area is meant. */
    const crossed = (id: string): boolean => {
      const { userSelectionRect: area, transform } = canvas.getState();
      const frame = seenDocument().frames.find((one) => one.id === id);
      if (!area || !frame) return false;
      const [x, y, zoom] = transform;
      const seen = { x: (area.x - x) / zoom, y: (area.y - y) / zoom, width: area.width / zoom, height: area.height / zoom };
      return !encloses(seen, { ...frame.position, ...frame.size });
    };

    return {
      onNodesChange(changes: NodeChange<FlowNode>[]): void {
        const positions = new Map<string, { x: number; y: number }>();
        let dragging = false;
        const sizes = new Map<string, { width: number; height: number }>();
        let selection: Set<string> | null = null;
        for (const change of changes) {
          if (change.type === 'position' && change.position) {
            positions.set(change.id, change.position);
            dragging ||= change.dragging === true;
          }
          if (change.type === 'dimensions' && change.dimensions) sizes.set(change.id, change.dimensions);
          if (change.type === 'select') {
            selection ??= new Set(store().selection);
            if (change.selected && !crossed(change.id)) selection.add(change.id);
            else selection.delete(change.id);
          }
        }
        // A card that is unfolded is as large as its card is, folded: it comes back to that.
        for (const id of sizes.keys()) if (roomNow().has(id)) sizes.delete(id);
        if (sizes.size > 0) setMeasured(sizes);
        if (selection) store().select(selection);
        if (positions.size === 0) return;
        const moved = carriedAlong(positions, seenDocument(), shownSize);
        if (dragging) {
          const show = (places: ReadonlyMap<string, { x: number; y: number }>) => liftTo(places, canvas.getState());
          show(snapDrag(moved, canvas.getState(), show));
          return;
        }
        // The document, and all that depends on it, follows when the drag ends.
        const places = movedInDocument(endDrag() ?? moved);
        putDown();
        store().edit((d) => moveTo(d, places), `move:${[...positions.keys()].join()}`);
      },
      onEdgesChange(changes: EdgeChange<FlowEdge>[]): void {
        const selection = new Set(store().selection);
        for (const change of changes) {
          if (change.type !== 'select') continue;
          if (change.selected) selection.add(change.id);
          else selection.delete(change.id);
        }
        store().select(selection);
      },
      isValidConnection(connection: Connection | FlowEdge): boolean {
        const { from, to } = ends(connection);
        const { document, facts } = graphForWiring();
        return checkConnection(document, facts, from, to).ok;
      },
      onConnect(connection: Connection): void {
        const { from, to } = ends(connection);
        store().edit((d) => connect(d, from, to));
        announce(`Wired ${nameOf(from.node)} to ${nameOf(to.node)}.`);
      },
      onConnectStart(_event: MouseEvent | TouchEvent, params: OnConnectStartParams): void {
        if (params.nodeId === null || params.handleId === null) return;
        beginWiring({ node: params.nodeId, port: params.handleId }, params.handleType === 'source' ? 'output' : 'input');
      },
      onConnectEnd(event: MouseEvent | TouchEvent, state: FinalConnectionState): void {
        const wasMoving = useWiring.getState().moving !== null;
        if (state.fromHandle && state.toHandle && !state.isValid) {
          const outward = state.fromHandle.type === 'source';
          const a = { node: state.fromHandle.nodeId, port: state.fromHandle.id ?? '' };
          const b = { node: state.toHandle.nodeId, port: state.toHandle.id ?? '' };
          const same = state.fromHandle.type === state.toHandle.type;
          const moved = same && !wasMoving ? movedWire(a, b, outward ? 'output' : 'input') : null;
          const reason = moved ? moved.refusal : refusal(outward ? a : b, outward ? b : a, same);
          if (moved && !reason) {
            store().edit((d) => moveWire(d, moved.id, moved.from, moved.to));
            announce(`Wire moved: ${nameOf(moved.from.node)} to ${nameOf(moved.to.node)}.`);
          }
          if (reason) refuse(`No wire: ${reason.message}`, reason.fix);
        } else if (state.fromHandle && !state.toHandle && !wasMoving) {
          const point = pointOf(event);
          const onPane = event.target instanceof Element && event.target.closest('.react-flow__pane') !== null;
          const node = nodeUnder(point);
          if (node !== null) dropOnNode(state.fromHandle, node, null);
          else if (point && onPane) {
            useQuickAdd.setState({
              pending: {
                end: {
                  port: { node: state.fromHandle.nodeId, port: state.fromHandle.id ?? '' },
                  direction: state.fromHandle.type === 'source' ? 'output' : 'input',
                },
                screen: { x: point.clientX, y: point.clientY },
              },
            });
          }
        }
        if (!wasMoving) endWiring();
      },
      onReconnectStart(_event: unknown, edge: FlowEdge): void {
        reconnected.current = false;
        useWiring.setState({ moving: edge.id });
      },
      onReconnect(edge: FlowEdge, connection: Connection): void {
        reconnected.current = true;
        const { from, to } = ends(connection);
        if (
          from.node === edge.source &&
          to.node === edge.target &&
          from.port === edge.sourceHandle &&
          to.port === edge.targetHandle
        )
          return;
        store().edit((d) => moveWire(d, edge.id, from, to));
        announce(`Wire moved: ${nameOf(from.node)} to ${nameOf(to.node)}.`);
      },
      onReconnectEnd(event: MouseEvent | TouchEvent, edge: FlowEdge, _type: unknown, state: FinalConnectionState): void {
        const node = nodeUnder(pointOf(event));
        if (!reconnected.current && !state.toHandle && node !== null && state.fromHandle) {
          dropOnNode(state.fromHandle, node, edge.id);
        } else if (!reconnected.current && !state.toHandle) {
          store().edit((d) => remove(d, new Set([edge.id])));
          announce(`Wire from ${nameOf(edge.source)} to ${nameOf(edge.target)} removed.`);
        }
        endWiring();
      },
      onPointerDownCapture: press,
      /** A click chooses one of those that are selected; React Flow keeps them all. */
      onNodeClick(event: ReactMouseEvent, node: FlowNode): void {
        if (!event.shiftKey && !event.ctrlKey && !event.metaKey) store().select([node.id]);
      },
      onNodeDragStart(): void {
        corner.current = canvas.getState().domNode?.getBoundingClientRect() ?? { x: 0, y: 0 };
        store().beginGesture();
      },
      onNodeDrag(event: MouseEvent | TouchEvent | ReactMouseEvent, node: FlowNode, nodes: FlowNode[]): void {
        const position = liftedPlace(node.id) ?? node.position;
        const point = 'touches' in event ? event.touches[0] : event;
        const [left, top, zoom] = canvas.getState().transform;
        const at = point && {
          x: (point.clientX - corner.current.x - left) / zoom,
          y: (point.clientY - corner.current.y - top) / zoom,
        };
        const dropNode = nodes.length === 1 && at ? wrapperAt(node, canvas.getState().nodes, at) : null;
        const dropWire = nodes.length === 1 && dropNode === null ? wireFor({ ...node, position }) : null;
        const before = useWiring.getState();
        if (dropWire !== before.dropWire || dropNode !== before.dropNode) useWiring.setState({ dropWire, dropNode });
      },
      onNodeDragStop(_event: unknown, node: FlowNode): void {
        endDrag();
        const { dropWire: wire, dropNode: wrapper } = useWiring.getState();
        if (wrapper !== null) {
          useWiring.setState({ dropNode: null });
          giveCell(node.id, wrapper);
        }
        if (wire !== null) {
          store().edit((d) => putIntoWire(d, wire, node.id) ?? d);
          useWiring.setState({ dropWire: null });
          announce(`${nameOf(node.id)} put into the wire.`);
        }
        store().endGesture();
      },
      /** Seen from afar, the wires are no elements of their own until the pointer is on one. */
      onPaneMouseMove(event: ReactMouseEvent): void {
        if (event.buttons !== 0) return;
        const onNode = event.target instanceof Element && event.target.closest('.react-flow__node') !== null;
        const wire = useDetail.getState().near || onNode ? null : wireNear({ x: event.clientX, y: event.clientY });
        if (wire !== useFarPointer.getState().wire) useFarPointer.setState({ wire });
      },
      onDoubleClick(event: ReactMouseEvent): void {
        if (!(event.target instanceof Element && event.target.matches('.react-flow__pane'))) return;
        useQuickAdd.setState({ pending: { end: null, screen: { x: event.clientX, y: event.clientY } } });
      },
      onNodeDoubleClick(_event: unknown, node: FlowNode): void {
        openBlock(node.id);
        openCell(node.id);
      },
      onDragOver(event: DragEvent): void {
        const { types } = event.dataTransfer;
        if (!types.includes(layerDragType) && !types.includes(blockDragType)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = 'copy';
        const p = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
        const part = draggedPart();
        const cell = types.includes(cellDragType);
        const dropNode = cell && part ? wrapperUnder(event.target, part) : null;
        // A cell is never put into a wire: it has no input.
        const wire = cell || !part ? null : wireThrough(curves(), { x: p.x - 40, y: p.y - 20, width: 80, height: 40 });
        const dropWire = wire !== null && part && fitsWire(part, wire) ? wire : null;
        const before = useWiring.getState();
        if (dropWire !== before.dropWire || dropNode !== before.dropNode) useWiring.setState({ dropWire, dropNode });
      },
      onDragLeave(): void {
        useWiring.setState({ dropWire: null, dropNode: null });
      },
      onDrop(event: DragEvent): void {
        const kind = event.dataTransfer.getData(layerDragType);
        const part = isLayerKind(kind) ? layerPart(kind) : myBlock(event.dataTransfer.getData(blockDragType));
        if (!part) return;
        event.preventDefault();
        event.stopPropagation();
        const { dropWire: wire, dropNode: onto } = useWiring.getState();
        useWiring.setState({ dropWire: null, dropNode: null });
        endPartDrag();
        const p = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
        const at = inDocument({ x: p.x - 89, y: p.y - 24 });
        insertPart(part, { at, wire, onto });
      },
    };
  }, [flow, canvas]);
}
