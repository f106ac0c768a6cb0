import { useEffect, useState } from 'react';
import type { ShellBridge } from '../../engine/protocol/shell.ts';
import { type UpdateStatus, updateStatus } from '../../engine/protocol/updates.ts';
import { shell } from '../bridge/shell-link.ts';
import { useUiStore } from '../store/ui-store.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Switch } from '../ui/switch.tsx';
import { updateWords } from './update-words.ts';

/** Updates of the desktop app: whether they are looked for, and how far the last one is. A browser window has none. */
export function UpdatesDialog() {
  return shell === null ? null : <ShellUpdates updates={shell.updates} />;
}

function ShellUpdates({ updates }: { readonly updates: ShellBridge['updates'] }) {
  const open = useUiStore((s) => s.dialog === 'updates');
  const openDialog = useUiStore((s) => s.openDialog);
  const [status, setStatus] = useState<UpdateStatus | null>(null);
  useEffect(() => {
    const show = (told: unknown): void => setStatus(updateStatus.parse(told));
    updates.onChange(show);
    void updates.status().then(show);
  }, [updates]);
  if (status === null) return null;
  const { version, enabled, state } = status;
  const none = state.kind === 'unavailable';
  const atWork = state.kind === 'checking' || state.kind === 'downloading' || state.kind === 'ready';
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => openDialog(next ? 'updates' : null)}
      title="Updates"
      description={`This is Unroll ${version}.`}
      actions={
        <Button disabled={!enabled || none || atWork} onClick={() => void updates.check()}>
          Look now
        </Button>
      }
    >
      <Field
        label="Look for updates"
        help="Once a day Unroll asks the place it came from for a newer version; nothing of yours is sent. It is downloaded, compared with its checksum, and installed when you quit: nothing that trains is interrupted."
      >
        {(control) => (
          <Switch control={control} checked={enabled} disabled={none} onChange={(next) => void updates.setEnabled(next)} />
        )}
      </Field>
      <p role="status">{updateWords(state)}</p>
    </Dialog>
  );
}
