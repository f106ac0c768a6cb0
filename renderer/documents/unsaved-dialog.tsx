import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { useUnsaved } from './unsaved-store.ts';

/** Asks before unsaved changes are lost. */
export function UnsavedDialog() {
  const question = useUnsaved((s) => s.question);
  if (!question) return null;
  const changed = question.why === 'changed';
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && question.answer('cancel')}
      title={changed ? `Overwrite “${question.name}”?` : `Save the changes to “${question.name}”?`}
      description={
        changed ? 'The file was changed by another window or program since it was opened here.' : 'Otherwise they are given up.'
      }
      actions={
        <>
          <Button variant="danger" onClick={() => question.answer('discard')}>
            {changed ? 'Overwrite' : 'Don’t save'}
          </Button>
          <Button onClick={() => question.answer('cancel')}>Cancel</Button>
          <Button variant="primary" onClick={() => question.answer('save')}>
            {changed ? 'Save as…' : 'Save'}
          </Button>
        </>
      }
    />
  );
}
