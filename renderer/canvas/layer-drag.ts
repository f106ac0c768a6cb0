import type { AnyLayer } from '../../engine/layers/registry.ts';
import { useDocumentStore } from '../store/document-store.ts';
import type { Part } from './parts.ts';
import { cellOutput } from './replace-cell.ts';

/** Types of the drag that carries a layer kind from the palette: its data can be read at its end only, its types on the way too. */
export const layerDragType = 'application/x-unroll-layer';
/** Its data is what `myBlock` takes. */
export const blockDragType = 'application/x-unroll-block';
export const cellDragType = 'application/x-unroll-cell';

export function startLayerDrag(data: DataTransfer, { kind, family }: AnyLayer): void {
  data.setData(layerDragType, kind);
  if (family === 'cell') data.setData(cellDragType, kind);
  data.effectAllowed = 'copy';
}

/** @param id a definition's, or a kept block's key */
export function startBlockDrag(data: DataTransfer, id: string, part: Part): void {
  data.setData(blockDragType, id);
  const put = part.put(useDocumentStore.getState().whole, { x: 0, y: 0 });
  if (put.ok && cellOutput(put.document, put.id)) data.setData(cellDragType, id);
  data.effectAllowed = 'copy';
}
