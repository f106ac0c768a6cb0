import { useGuides } from './drag-guides.ts';
import { GraphLayer } from './graph-layer.tsx';

/** What a dragged node is in line with. */
export function GuideLines() {
  const strokes = useGuides((s) => s.strokes);
  if (strokes.length === 0) return null;
  // The same line may be that of several.
  const apart = new Map(strokes.map((stroke) => [Object.values(stroke).join(' '), stroke]));
  return (
    <GraphLayer>
      <svg className="guides" role="presentation">
        {[...apart].map(([key, { kind, ...ends }]) => (
          <line key={key} className={`guides__${kind}`} {...ends} />
        ))}
      </svg>
    </GraphLayer>
  );
}
