import { useEffect } from 'react';
import type { DataBinding } from '../../engine/document/data-binding.ts';
import { noFacts } from '../../engine/shapes/infer-shapes.ts';
import { engine, useConnection } from '../bridge/engine.ts';
import { useDocumentStore } from '../store/document-store.ts';

/** Prepares the document's data whenever its binding changes and tells the graph what it holds; the engine keeps the result. */
export function useDataFacts(): void {
  const binding = useDocumentStore((s) => s.document.data);
  const generation = useConnection((s) => s.generation);
  useEffect(() => {
    if (binding === null) {
      useDocumentStore.getState().setFacts(noFacts);
      return;
    }
    if (generation === 0) return;
    const timer = setTimeout(() => void prepare(binding), 250);
    return () => clearTimeout(timer);
  }, [binding, generation]);
}

async function prepare(binding: DataBinding): Promise<void> {
  try {
    const { facts } = await engine.call('data.prepare', { binding });
    if (useDocumentStore.getState().document.data === binding) useDocumentStore.getState().setFacts(facts);
  } catch {
    // The data panel shows why; the graph stays without facts.
    if (useDocumentStore.getState().document.data === binding) useDocumentStore.getState().setFacts(noFacts);
  }
}
