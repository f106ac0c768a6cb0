import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { useUnsaved } from './unsaved-store.ts';

/** Asks before unsaved changes are lost. */
export function UnsavedDialog() {
  const question = useUnsaved((s) => s.question);
  if (!question) return null;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && question.answer('cancel')}
      title={`Save the changes to “${question.name}”?`}
      description="They are lost otherwise."
      actions={
        <>
          <Button variant="danger" onClick={() => question.answer('discard')}>
            Don’t save
          </Button>
          <Button onClick={() => question.answer('cancel')}>Cancel</Button>
          <Button variant="primary" onClick={() => question.answer('save')}>
            Save
          </Button>
        </>
      }
    />
  );
}
