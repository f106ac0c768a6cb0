import type { MethodResult } from '../../engine/protocol/contract.ts';
import { engine } from '../bridge/engine.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { openPath } from './document-actions.ts';

/** Opens what the window begins with. What the user has made or opened before it comes stays, an empty document too. */
export async function openFirst(initial: MethodResult<'app.hello'>['initial']): Promise<void> {
  const { autosaveKey } = useDocumentStore.getState();
  const untouched = (): boolean => {
    const now = useDocumentStore.getState();
    return now.autosaveKey === autosaveKey && now.whole.nodes.length === 0;
  };
  if (initial.kind === 'file') {
    await openPath(initial.path, true, untouched);
    return;
  }
  const { document, readme } = await engine.call('template.open', { name: initial.name });
  if (untouched()) useDocumentStore.getState().load({ document, path: null, readme });
}
