import { useEffect } from 'react';
import { dataInGraph } from '../../engine/document/data-in-graph.ts';
import { useConnection } from '../bridge/engine.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { followBinding } from './store.ts';

/** Prepares the document's data whenever its binding or the engine changes, and tells the graph what it holds. Used once, by the window. */
export function useDataFacts(): void {
  const binding = useDocumentStore((s) => dataInGraph(s.whole));
  const autosaveKey = useDocumentStore((s) => s.autosaveKey);
  const generation = useConnection((s) => s.generation);
  useEffect(() => {
    // Another document loses its facts when it is loaded, even when its data is the same.
    if (generation > 0 && autosaveKey !== '') followBinding(binding);
  }, [binding, autosaveKey, generation]);
}
