import { useDeferredValue, useMemo } from 'react';
import type { UnrollDocument } from '../../engine/document/schema.ts';
import { graphFingerprint } from '../../engine/graph/graph-fingerprint.ts';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { cardRun } from './card-run.ts';
import { useTrainingStore } from './store.ts';

type OfGraph = Pick<UnrollDocument, 'nodes' | 'edges' | 'blocks' | 'data'>;
let last: { readonly of: OfGraph; readonly graph: string } | null = null;

/** Several ask it of the same document, and of a large graph it takes milliseconds. */
function fingerprintOf({ nodes, edges, blocks, data }: OfGraph): string {
  const same =
    last !== null && last.of.nodes === nodes && last.of.edges === edges && last.of.blocks === blocks && last.of.data === data;
  if (last === null || !same)
    last = { of: { nodes, edges, blocks, data }, graph: graphFingerprint({ nodes, edges, blocks, data }) };
  return last.graph;
}

/** What says which runs are of the canvas' graph, and its document's name. After what an edit itself shows: it is no hurry. */
export function useCanvasGraph(): { readonly graph: string; readonly name: string } {
  const document = useDeferredValue(useDocumentStore((s) => s.whole));
  return { graph: fingerprintOf(document), name: document.name };
}

/** The run last trained on the graph of the canvas; `null` where there is none. */
export function useCanvasRun(): RunSummary | null {
  const { graph, name } = useCanvasGraph();
  const runs = useTrainingStore((s) => s.runs);
  return useMemo(() => cardRun(runs, graph, null, name)?.run ?? null, [runs, graph, name]);
}
