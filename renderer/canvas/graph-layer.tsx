import { useStore } from '@xyflow/react';
import { type ReactNode, useMemo } from 'react';
import { createPortal } from 'react-dom';

/** What lies on the canvas in graph units. React Flow's `ViewportPortal` does the same, and looks for its place behind all nodes at each change of the canvas. */
export function GraphLayer({ children }: { readonly children: ReactNode }) {
  const canvas = useStore((s) => s.domNode);
  const place = useMemo(() => canvas?.querySelector('.react-flow__viewport-portal') ?? null, [canvas]);
  return place && createPortal(children, place);
}
