import { ViewportPortal } from '@xyflow/react';
import { useGuides } from './drag-guides.ts';

/** What a dragged node is in line with. */
export function GuideLines() {
  const strokes = useGuides((s) => s.strokes);
  if (strokes.length === 0) return null;
  // The same line may be that of several.
  const apart = new Map(strokes.map((stroke) => [Object.values(stroke).join(' '), stroke]));
  return (
    <ViewportPortal>
      <svg className="guides" role="presentation">
        {[...apart].map(([key, { kind, ...ends }]) => (
          <line key={key} className={`guides__${kind}`} {...ends} />
        ))}
      </svg>
    </ViewportPortal>
  );
}
