import { useDeferredValue, useMemo } from 'react';
import { graphFingerprint } from '../../engine/graph/graph-fingerprint.ts';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { cardRun } from './card-run.ts';
import { useTrainingStore } from './store.ts';

/** The run last trained on the graph of the canvas; `null` where there is none. After what an edit itself shows: it is no hurry. */
export function useCanvasRun(): RunSummary | null {
  const { nodes, edges, blocks, data, name } = useDeferredValue(useDocumentStore((s) => s.whole));
  const graph = useMemo(() => graphFingerprint({ nodes, edges, blocks, data }), [nodes, edges, blocks, data]);
  const runs = useTrainingStore((s) => s.runs);
  return useMemo(() => cardRun(runs, graph, null, name)?.run ?? null, [runs, graph, name]);
}
