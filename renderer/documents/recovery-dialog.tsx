import { engine } from '../bridge/engine.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { toast, toastFailure } from '../ui/toast-store.ts';
import { recoverDocument } from './document-actions.ts';
import { useOtherWindows } from './other-windows.ts';
import './recovery-dialog.css';
import { useRecovery } from './use-document-lifecycle.ts';

/** Offers unsaved work that a crash left behind. */
export function RecoveryDialog() {
  const found = useRecovery((s) => s.items);
  // A window that comes back after the engine did still has its own.
  const held = useOtherWindows((s) => s.others);
  const items = found.filter((item) => !held.some(({ key }) => key === item.key));
  if (items.length === 0) return null;
  const drop = (key: string): void => useRecovery.setState({ items: useRecovery.getState().items.filter((i) => i.key !== key) });
  const recover = async (key: string): Promise<void> => {
    try {
      if (await recoverDocument(key)) useRecovery.setState({ items: [] });
    } catch (error) {
      toastFailure(error, 'The document was not recovered');
    }
  };
  const discard = async (item: (typeof items)[number]): Promise<void> => {
    try {
      await engine.call('document.discard', { key: item.key });
    } catch (error) {
      toastFailure(error, 'The copy was not discarded');
      return;
    }
    drop(item.key);
    const undo = async (): Promise<void> => {
      await engine.call('document.restore', { key: item.key });
      useRecovery.setState(({ items }) => ({ items: [...items, item].sort((a, b) => b.modified - a.modified) }));
    };
    toast({
      tone: 'info',
      title: `The copy of “${item.name}” was discarded.`,
      action: { label: 'Undo', run: () => void undo().catch((error: unknown) => toastFailure(error, 'It was not brought back')) },
    });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && useRecovery.setState({ items: [] })}
      title="Recover unsaved work?"
      description="Unroll ended before these were saved. What you leave is offered again next time."
      actions={<Button onClick={() => useRecovery.setState({ items: [] })}>Not now</Button>}
    >
      <ul className="recovery">
        {items.map((item) => (
          <li key={item.key} className="recovery__item">
            <div>
              <div className="recovery__name">{item.name}</div>
              <div className="recovery__about">
                {item.path ?? 'never saved'} · {new Date(item.modified).toLocaleString()}
              </div>
            </div>
            <Button size="small" variant="danger" aria-label={`Discard ${item.name}`} onClick={() => void discard(item)}>
              Discard
            </Button>
            <Button size="small" variant="primary" aria-label={`Recover ${item.name}`} onClick={() => void recover(item.key)}>
              Recover
            </Button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
