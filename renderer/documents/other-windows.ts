import { create } from 'zustand';
import type { MethodResult } from '../../engine/protocol/contract.ts';
import { engine, useConnection } from '../bridge/engine.ts';
import { useDocumentStore } from '../store/document-store.ts';

/** Windows on the same engine, in this browser or another, know of each other by it: each says what it shows. */
type OtherWindow = MethodResult<'window.show'>['others'][number];

export const useOtherWindows = create<{ readonly others: readonly OtherWindow[] }>(() => ({ others: [] }));

/** Of a page that was reloaded, the connection from before may be there for a moment. */
const withoutMe = (others: readonly OtherWindow[]): readonly OtherWindow[] =>
  others.filter(({ key }) => key !== useDocumentStore.getState().autosaveKey);

/** Tells the engine what this window shows, and learns what the others do. */
async function show(): Promise<readonly OtherWindow[]> {
  const { autosaveKey: key, path } = useDocumentStore.getState();
  const others = withoutMe((await engine.call('window.show', { key, path })).others);
  useOtherWindows.setState({ others });
  return others;
}

/** Keys of the copies that belong to living windows: nobody needs to recover them. */
export async function heldElsewhere(): Promise<ReadonlySet<string>> {
  return new Set((await show()).map(({ key }) => key));
}

/** Shows this window to the others, now and whenever its document is another one or the engine is back. */
export function meetOtherWindows(): () => void {
  // Without a connection there are no others; with the next one it is said again.
  const tell = (): void => void show().catch(() => undefined);
  tell();
  const ends = [
    useDocumentStore.subscribe((state, before) => {
      if (state.autosaveKey !== before.autosaveKey || state.path !== before.path) tell();
    }),
    useConnection.subscribe((state, before) => {
      if (state.generation !== before.generation) tell();
    }),
    engine.on('window.others', ({ others }) => useOtherWindows.setState({ others: withoutMe(others) })),
  ];
  return () => {
    for (const end of ends) end();
  };
}
