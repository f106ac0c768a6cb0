import { fileNameOf, type PictureKind, savePicture, svgOf } from '../insight/save-figure.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { drawingOf } from '../ui/element-drawing.ts';
import { toast } from '../ui/toast-store.ts';
import { atRest, useDetail } from './detail-store.ts';
import { useViewport } from './viewport-store.ts';

/** Around the graph, in its own units: what recurs has its loop above it. */
const margin = 44;

/** Nodes that are drawn before anybody wonders. */
const quick = 150;

/** Frames in which React Flow draws what it has not drawn before, and measures it. */
const frames = 3;

/**
 * All of the graph as SVG, at full size whatever is in view: cards with what flows through them, wires, comments; the canvas stays where it
 * is. `null` where there is nothing to draw.
 *
 * @param title written above it
 */
export async function canvasPicture(title: string): Promise<string | null> {
  const { flow } = useViewport.getState();
  const viewport = document.querySelector('.react-flow__viewport');
  const count = flow?.getNodes().length ?? 0;
  if (flow === null || viewport === null || count === 0) return null;
  if (count > quick)
    toast({ tone: 'info', title: 'Drawing the picture …', text: `${count.toLocaleString('en')} nodes take some seconds.` });
  const before = useDetail.getState();
  useDetail.setState({ ...atRest(1), whole: true });
  try {
    for (let frame = 0; frame < frames; frame++) await new Promise(requestAnimationFrame);
    const bounds = flow.getNodesBounds(flow.getNodes());
    const scale = flow.getZoom();
    const { x, y } = flow.flowToScreenPosition({ x: bounds.x - margin, y: bounds.y - margin });
    const size = { width: bounds.width + 2 * margin, height: bounds.height + 2 * margin };
    const ground = `<rect width="${size.width}" height="${size.height}" fill="var(--background)"/>`;
    return svgOf(title, size.width, size.height, `${ground}${drawingOf(viewport, { left: x, top: y, scale })}`);
  } finally {
    useDetail.setState(before);
  }
}

/** Saves all of the graph as a picture. */
export function saveCanvas(kind: PictureKind): void {
  const { name } = useDocumentStore.getState().whole;
  void savePicture(fileNameOf(name), kind, () => canvasPicture(name));
}
