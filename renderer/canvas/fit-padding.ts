interface Size {
  readonly width: number;
  readonly height: number;
}

/** Pixels kept free at each side of the canvas. */
export interface FitPadding {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

const margin = 48;
/** What the toolbar and the overview, in the upper right corner, take from that corner. */
const corner = { width: 172, height: 158 };
/** Margin above the panel. */
const abovePanel = 64;
export const largestZoom = 1.1;

/**
 * Padding with which a graph is fitted so that nothing covers it: below the overview or left of it, whichever shows the graph larger.
 *
 * @param pane the canvas, in pixels
 * @param graph bounds of what is fitted, in graph units
 * @param covered pixels at the bottom that the training panel takes
 */
export function fitPadding(pane: Size, graph: Size, covered: number): FitPadding {
  const around = { top: margin, right: margin, bottom: covered + abovePanel, left: margin };
  const below = { ...around, top: corner.height };
  const beside = { ...around, right: corner.width };
  return zoomIn(pane, graph, below) >= zoomIn(pane, graph, beside) ? below : beside;
}

const zoomIn = (pane: Size, graph: Size, { top, right, bottom, left }: FitPadding): number =>
  Math.min(largestZoom, (pane.width - left - right) / graph.width, (pane.height - top - bottom) / graph.height);
