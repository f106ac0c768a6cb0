import type { AnyLayer } from '../../engine/layers/registry.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { layerPart, type Part } from './parts.ts';
import { cellOutput } from './replace-cell.ts';

/** Types of the drag that carries a layer kind from the palette: its data can be read at its end only, its types on the way too. */
export const layerDragType = 'application/x-unroll-layer';
/** Its data is what `myBlock` takes. */
export const blockDragType = 'application/x-unroll-block';
export const cellDragType = 'application/x-unroll-cell';

let dragged: Part | null = null;

/** What is dragged out of this window's palette; of another window's only the kind of drag is known before it ends. */
export const draggedPart = (): Part | null => dragged;
export const endPartDrag = (): void => {
  dragged = null;
};

export function startLayerDrag(data: DataTransfer, layer: AnyLayer): void {
  const { kind, family } = layer;
  dragged = layerPart(kind);
  data.setData(layerDragType, kind);
  if (family === 'cell') data.setData(cellDragType, kind);
  data.effectAllowed = 'copy';
}

/** @param id a definition's, or a kept block's key */
export function startBlockDrag(data: DataTransfer, id: string, part: Part): void {
  dragged = part;
  data.setData(blockDragType, id);
  const put = part.put(useDocumentStore.getState().whole, { x: 0, y: 0 });
  if (put.ok && cellOutput(put.document, put.id)) data.setData(cellDragType, id);
  data.effectAllowed = 'copy';
}
