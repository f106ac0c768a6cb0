import { Microscope } from 'lucide-react';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import { useCanvasRun } from '../training/use-canvas-run.ts';
import { Button } from '../ui/button.tsx';
import { canLookInside, lookInside, stopLooking, useInsight } from './store.ts';

/** Opens what a run's network does with a sentence, on the canvas and under it; nothing while the run has no weights. */
export function LookButton({ run }: { readonly run: RunSummary }) {
  const open = useInsight((s) => s.open);
  if (!canLookInside(run)) return null;
  return (
    <Button size="small" className="look-button" aria-pressed={open} onClick={() => (open ? stopLooking() : lookInside(run.id))}>
      <Microscope size={14} aria-hidden /> Look inside
    </Button>
  );
}

/** The same for the run last trained on the graph of the canvas; nothing where there is none. */
export function LookAtCanvasRun() {
  const run = useCanvasRun();
  return run && <LookButton run={run} />;
}
