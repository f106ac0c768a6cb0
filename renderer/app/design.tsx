import { lazy, Suspense, useEffect, useRef } from 'react';
import { Canvas } from '../canvas/canvas.tsx';
import { ProblemsPanel } from '../canvas/problems-panel.tsx';
import { refit, useViewport } from '../canvas/viewport-store.ts';
import { Inspector } from '../inspector/inspector.tsx';
import { LayerPalette } from '../palette/layer-palette.tsx';
import { useUiStore } from '../store/ui-store.ts';
import { ErrorBoundary } from './error-boundary.tsx';

const TrainingPanel = lazy(async () => ({ default: (await import('../training/index.tsx')).TrainingPanel }));

/** The design tab: layers, canvas with the training panel on it, inspector. */
export function Design() {
  const problemsOpen = useUiStore((s) => s.problemsOpen);
  const training = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = training.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      if (element.offsetHeight === useViewport.getState().covered) return;
      useViewport.setState({ covered: element.offsetHeight });
      refit();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const covered = useViewport((s) => s.covered);
  return (
    <div className="design">
      <LayerPalette />
      <div className="design__canvas" style={{ '--covered': `${covered}px` }}>
        <Canvas />
        <div className="design__training" ref={training}>
          <ErrorBoundary place="The training panel">
            <Suspense fallback={null}>
              <TrainingPanel />
            </Suspense>
          </ErrorBoundary>
        </div>
        {problemsOpen && <ProblemsPanel />}
      </div>
      <Inspector />
    </div>
  );
}
