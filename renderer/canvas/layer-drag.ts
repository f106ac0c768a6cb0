/** Type of the drag that carries a layer kind from the palette. */
export const layerDragType = 'application/x-unroll-layer';
