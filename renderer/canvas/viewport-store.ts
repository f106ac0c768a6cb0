import type { ReactFlowInstance, Viewport } from '@xyflow/react';
import { create } from 'zustand';
import type { GraphNode } from '../../engine/document/schema.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { fitPadding, largestZoom } from './fit-padding.ts';
import type { FlowEdge, FlowNode } from './flow-items.ts';

interface ViewportState {
  /** The canvas while it is on screen. */
  readonly flow: ReactFlowInstance<FlowNode, FlowEdge> | null;
  readonly zoom: number;
  /** Where each document was looked at, by autosave key, so that changing tabs does not lose the place. */
  readonly places: ReadonlyMap<string, Viewport>;
  /**
   * The nodes of the graph when it was last fitted as a whole, `null` once the user has moved the view. While they are the same,
   * the graph is fitted again when the panel grows; once the user edits, the view is theirs and stays.
   */
  readonly fitted: readonly GraphNode[] | null;
  /** Pixels at the canvas' bottom covered by the training panel. */
  readonly covered: number;
}

export const useViewport = create<ViewportState>(() => ({ flow: null, zoom: 1, places: new Map(), covered: 0, fitted: null }));

const calm = (): boolean => window.matchMedia('(prefers-reduced-motion: reduce)').matches;
/** Milliseconds of a camera move. */
export const cameraTime = (): number => (calm() ? 0 : 220);

/** Shows the whole graph (or some nodes), above the training panel and clear of the overview. */
export function zoomToFit(nodes?: readonly string[]): void {
  const { flow, covered } = useViewport.getState();
  useViewport.setState({ fitted: nodes === undefined ? useDocumentStore.getState().document.nodes : null });
  const pane = document.querySelector('.react-flow')?.getBoundingClientRect();
  if (!flow || !pane) return;
  const shown = nodes ?? flow.getNodes().map(({ id }) => id);
  const { top, right, bottom, left } = fitPadding(pane, flow.getNodesBounds([...shown]), covered);
  void flow.fitView({
    duration: cameraTime(),
    maxZoom: largestZoom,
    padding: { top: `${top}px`, right: `${right}px`, bottom: `${bottom}px`, left: `${left}px` },
    nodes: shown.map((id) => ({ id })),
  });
}

/** Fits the graph again if it still is as it was fitted: for when the panel over the canvas changes its height. */
export function refit(): void {
  if (useViewport.getState().fitted === useDocumentStore.getState().document.nodes) zoomToFit();
}

/** Middle of the visible part of the canvas, in graph coordinates. */
export function visibleCentre(): { x: number; y: number } {
  const { flow, covered } = useViewport.getState();
  const pane = document.querySelector('.react-flow')?.getBoundingClientRect();
  if (!flow || !pane) return { x: 0, y: 0 };
  return flow.screenToFlowPosition({ x: pane.x + pane.width / 2, y: pane.y + (pane.height - covered) / 2 });
}
