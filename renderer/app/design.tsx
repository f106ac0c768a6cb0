import { ReactFlowProvider } from '@xyflow/react';
import { lazy, type ReactNode, Suspense, useEffect, useRef } from 'react';
import { Panel, useGroupRef } from 'react-resizable-panels';
import { Breadcrumb } from '../canvas/breadcrumb.tsx';
import { Canvas } from '../canvas/canvas.tsx';
import { CanvasBar } from '../canvas/canvas-bar.tsx';
import { Overview } from '../canvas/overview.tsx';
import { ProblemsPanel } from '../canvas/problems-panel.tsx';
import { useOpenCell } from '../cell-editor/open-cell.ts';
import { SentenceBar } from '../insight/sentence-bar.tsx';
import { useInsight } from '../insight/store.ts';
import { Inspector } from '../inspector/inspector.tsx';
import { LayerPalette } from '../palette/layer-palette.tsx';
import { type SideName, useDrawer, useNarrow, useTrainingOpen } from '../store/dock-store.ts';
import { useUiStore } from '../store/ui-store.ts';
import { activeRun, useTrainingStore } from '../training/store.ts';
import { Spinner } from '../ui/spinner.tsx';
import './design.css';
import { Dock, DockEdge, DockGroup } from './dock.tsx';
import { ErrorBoundary } from './error-boundary.tsx';

const CellEditor = lazy(async () => ({ default: (await import('../cell-editor/cell-editor.tsx')).CellEditor }));
const Microscope = lazy(async () => ({ default: (await import('../insight/microscope.tsx')).Microscope }));
const TrainingHead = lazy(async () => ({ default: (await import('../training/index.tsx')).TrainingHead }));
const TrainingBody = lazy(async () => ({ default: (await import('../training/index.tsx')).TrainingBody }));

/**
 * The design tab: layers, the canvas above the training panel, inspector. Where three columns do not fit, those at the sides are drawers
 * that the user opens over the canvas, one at a time.
 */
export function Design() {
  const narrow = useNarrow();
  const group = useGroupRef();
  useEffect(() => {
    if (!narrow) {
      close();
      return undefined;
    }
    // A window that becomes much smaller at once has no valid layout in which the docks could close one by one.
    const alone = setTimeout(() => group.current?.setLayout({ layers: 0, middle: 100, inspector: 0 }), 100);
    return () => clearTimeout(alone);
  }, [narrow, group]);
  const cell = useOpenCell();
  if (cell) {
    return (
      <div className="design">
        <Work narrow={false} head={null}>
          <ErrorBoundary key={cell.id} place="The cell">
            <Suspense fallback={<Spinner label="Opening the cell…" />}>
              <CellEditor node={cell} />
            </Suspense>
          </ErrorBoundary>
        </Work>
      </div>
    );
  }
  return (
    <ReactFlowProvider>
      <DockGroup className="design" groupRef={group}>
        <Dock name="layers" shut={narrow}>
          <Layers />
        </Dock>
        <DockEdge name="layers" label="Layers" disabled={narrow} />
        <Panel id="middle" minSize={200}>
          <Work
            narrow={narrow}
            head={
              <>
                <CanvasBar />
                <Breadcrumb />
              </>
            }
          >
            <Canvas />
          </Work>
        </Panel>
        <DockEdge name="inspector" label="Inspector" disabled={narrow} />
        <Dock name="inspector" shut={narrow}>
          <Inspector />
        </Dock>
      </DockGroup>
    </ReactFlowProvider>
  );
}

function Layers() {
  return (
    <>
      <LayerPalette />
      <Overview />
    </>
  );
}

interface WorkProps {
  readonly narrow: boolean;
  /** Above it all. */
  readonly head: ReactNode;
  readonly children: ReactNode;
}

/** The canvas, or the inside of a cell, and the training panel under it. */
function Work({ narrow, head, children }: WorkProps) {
  const drawer = useDrawer((s) => s.open);
  const problemsOpen = useUiStore((s) => s.problemsOpen);
  const hasRun = useTrainingStore((s) => activeRun(s) !== null);
  const shut = !useTrainingOpen() || !hasRun;
  const looking = useInsight((s) => s.open) && head !== null;
  // While a network is looked into, the run's figures stand in a tab of their own: what is looked at gets their room.
  const headBelow = (head !== null || hasRun) && !(looking && !shut);
  return (
    <div className="work">
      {head}
      {looking && <SentenceBar />}
      <div className="work__rows">
        <DockGroup orientation="vertical" className="work__group">
          <Panel id="canvas" minSize={275} className="work__canvas">
            {children}
            {problemsOpen && <ProblemsPanel />}
            <ErrorBoundary place="The training panel">
              <Suspense fallback={null}>{headBelow && <TrainingHead />}</Suspense>
            </ErrorBoundary>
          </Panel>
          <DockEdge name="training" label="Training" disabled={!hasRun} />
          <Dock name="training" shut={shut}>
            <ErrorBoundary place="The training panel">
              <Suspense fallback={null}>
                <OfActiveRun looking={looking} />
              </Suspense>
            </ErrorBoundary>
          </Dock>
        </DockGroup>
        {narrow && drawer !== null && <Drawer key={drawer} name={drawer} />}
      </div>
    </div>
  );
}

/** What is below the canvas; it alone follows the run's progress. */
function OfActiveRun({ looking }: { readonly looking: boolean }) {
  const run = useTrainingStore(activeRun);
  if (!run) return null;
  return looking ? <Microscope run={run} /> : <TrainingBody run={run} />;
}

const close = (): void => useDrawer.setState({ open: null });

function Drawer({ name }: { readonly name: SideName }) {
  const drawer = useRef<HTMLDivElement>(null);
  useEffect(() => {
    drawer.current?.focus();
    const press = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !event.defaultPrevented && drawer.current?.contains(document.activeElement)) close();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
  return (
    <div className={`drawer drawer--${name}`} ref={drawer} tabIndex={-1}>
      {name === 'layers' ? <Layers /> : <Inspector />}
    </div>
  );
}
