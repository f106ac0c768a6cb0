import { sentWords } from '../../engine/protocol/transfer.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { useSendQuestion } from './send-question.ts';

/** Pictures and recordings that a table names go along with it, once the person has seen how much that is. */
export function SendDialog() {
  const question = useSendQuestion((s) => s.question);
  if (question === null) return null;
  const { host, size, answer } = question;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && answer(false)}
      title={`Send to ${host}?`}
      description={sentWords(size).join(' ')}
      actions={
        <>
          <Button onClick={() => answer(false)}>Cancel</Button>
          <Button variant="primary" onClick={() => answer(true)}>
            Send all
          </Button>
        </>
      }
    />
  );
}
