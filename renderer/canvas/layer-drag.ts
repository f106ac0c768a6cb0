import type { AnyLayer } from '../../engine/layers/registry.ts';

/** Types of the drag that carries a layer kind from the palette: its data can be read at its end only, its types on the way too. */
export const layerDragType = 'application/x-unroll-layer';
/** Its data is what `insertMyBlock` takes. */
export const blockDragType = 'application/x-unroll-block';
export const cellDragType = 'application/x-unroll-cell';

export function startLayerDrag(data: DataTransfer, { kind, family }: AnyLayer): void {
  data.setData(layerDragType, kind);
  if (family === 'cell') data.setData(cellDragType, kind);
  data.effectAllowed = 'copy';
}
