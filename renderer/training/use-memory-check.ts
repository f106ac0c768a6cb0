import { useEffect } from 'react';
import { engine, useConnection } from '../bridge/engine.ts';
import { useDataStore } from '../data/store.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { runningRun, useTrainingStore } from './store.ts';

const afterEdit = 300;
/** Another program may have given memory back. */
const again = 5000;

/**
 * Asks the engine, after each edit that counts, whether the memory holds the model while it trains, and puts what it says among the
 * problems. Not while a run has its part of the memory. Used once, by the window.
 */
export function useMemoryCheck(): void {
  const { data, training } = useDocumentStore((s) => s.whole);
  // Another one with each edit that counts: what only lies elsewhere takes no more memory.
  const inferred = useDocumentStore((s) => s.meaning.inferred);
  const ready = useDataStore((s) => s.reported !== null && s.reported === data && !s.preparing);
  const running = useTrainingStore((s) => runningRun(s) !== null || s.pending !== null);
  const generation = useConnection((s) => s.generation);
  const unfit = useDocumentStore((s) => s.unfit !== null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change of the graph or its settings asks again
  useEffect(() => {
    if (running || generation === 0) return;
    if (!ready) {
      useDocumentStore.getState().setUnfit(null);
      return;
    }
    let over = false;
    const ask = async (): Promise<void> => {
      const { whole: document } = useDocumentStore.getState();
      // What cannot be asked is told when training starts.
      const found = await engine.call('training.fit', { document }).catch(() => null);
      if (!over) useDocumentStore.getState().setUnfit(found?.problem ? { ...found.problem, remedy: null } : null);
    };
    const first = setTimeout(() => void ask(), afterEdit);
    const next = unfit ? setInterval(() => void ask(), again) : undefined;
    return () => {
      over = true;
      clearTimeout(first);
      clearInterval(next);
    };
  }, [inferred, data, training, ready, running, generation, unfit]);
}
