import { Microscope } from 'lucide-react';
import { useDeferredValue, useMemo } from 'react';
import { graphFingerprint } from '../../engine/graph/graph-fingerprint.ts';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { cardRun } from '../training/card-run.ts';
import { useTrainingStore } from '../training/store.ts';
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
  const { nodes, edges, blocks, data, name } = useDeferredValue(useDocumentStore((s) => s.whole));
  const runs = useTrainingStore((s) => s.runs);
  const found = useMemo(
    () => cardRun(runs, graphFingerprint({ nodes, edges, blocks, data }), null, name),
    [runs, nodes, edges, blocks, data, name],
  );
  return found && <LookButton run={found.run} />;
}
