import { useDeferredValue, useMemo } from 'react';
import { graphFingerprint } from '../../engine/graph/graph-fingerprint.ts';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { type OfMeaning, sameMeaning } from '../store/meaning.ts';
import { cardRun } from './card-run.ts';
import { useTrainingStore } from './store.ts';

let last: { readonly of: OfMeaning; readonly graph: string } | null = null;

/** Several ask it of the same document, and of a large graph it takes milliseconds; what only lies elsewhere has the same. */
function fingerprintOf(of: OfMeaning): string {
  if (last === null || !sameMeaning(last.of, of)) last = { of, graph: graphFingerprint(of) };
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
