import { useEffect, useRef } from 'react';
import { create } from 'zustand';
import type { MethodResult } from '../../engine/protocol/contract.ts';
import { engine, useConnection } from '../bridge/engine.ts';
import { shell } from '../bridge/shell-link.ts';
import { isDirty, useDocumentStore } from '../store/document-store.ts';
import { windowTitle } from '../training/run-endings.ts';
import { useUnseenEnding } from '../training/run-notices.ts';
import { runningRun, useTrainingStore } from '../training/store.ts';
import { toastFailure } from '../ui/toast-store.ts';
import { keepCopies, keepCopy } from './autosave.ts';
import { openPath } from './document-actions.ts';
import { openFirst } from './first-document.ts';
import { heldElsewhere } from './other-windows.ts';
import { keepSession } from './session.ts';
import { endSteps } from './step-ends.ts';

type Recoverable = MethodResult<'document.recoverable'>['items'];

/** Copies that a crash left behind, to be offered once. */
export const useRecovery = create<{ readonly items: Recoverable }>(() => ({ items: [] }));

/** First document, autosave, recovery, the close guard and the window's title. */
export function useDocumentLifecycle(restored: boolean): void {
  const generation = useConnection((s) => s.generation);
  const started = useRef(false);

  useEffect(() => {
    const { hello } = useConnection.getState();
    if (generation === 0 || !hello || started.current) return;
    started.current = true;
    const { autosaveKey } = useDocumentStore.getState();
    if (!restored) openFirst(hello.initial).catch((error: unknown) => toastFailure(error, 'The first document was not opened'));
    engine.call('document.recoverable', {}).then(
      async ({ items }) => {
        const held = await heldElsewhere();
        useRecovery.setState({ items: items.filter(({ key }) => key !== autosaveKey && !held.has(key)) });
      },
      () => undefined,
    );
  }, [generation, restored]);

  useEffect(keepCopies, []);
  useEffect(endSteps, []);

  const name = useDocumentStore((s) => s.document.name);
  const dirty = useDocumentStore(isDirty);
  const working = useTrainingStore(runningRun);
  const ended = useUnseenEnding((s) => s.ending);
  const title = windowTitle(name, dirty, working, ended);
  useEffect(() => {
    document.title = title;
  }, [title]);

  useEffect(() => {
    const guard = (event: BeforeUnloadEvent): void => {
      const state = useDocumentStore.getState();
      const kept = keepSession(sessionStorage) && useConnection.getState().status === 'open';
      if (isDirty(state) && state.whole.nodes.length > 0 && !shell && !kept) event.preventDefault();
    };
    // A reload shows all of it again; a window that is closed leaves a copy, which is offered at the next start.
    const leave = (): void => {
      keepSession(sessionStorage);
      keepCopy().catch(() => undefined);
    };
    window.addEventListener('beforeunload', guard);
    window.addEventListener('pagehide', leave);
    shell?.onOpenDocument((path) => void openPath(path));
    return () => {
      window.removeEventListener('beforeunload', guard);
      window.removeEventListener('pagehide', leave);
    };
  }, []);
}
