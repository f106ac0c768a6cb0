import { CircleCheck, TriangleAlert } from 'lucide-react';
import { FixButton } from '../canvas/fix-button.tsx';
import { useDocumentStore } from '../store/document-store.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { startWarnings, useStartCheck } from './start-check.ts';
import './start-check-dialog.css';

/** Before a run starts: what may make it train badly, each with its fix. */
export function StartCheckDialog() {
  const question = useStartCheck((s) => s.question);
  const problems = useDocumentStore((s) => s.meaning.problems);
  const document = useDocumentStore((s) => s.whole);
  if (!question) return null;
  const warnings = startWarnings(problems, document, question.run);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && question.answer(false)}
      title="Before it trains"
      description="This may train badly. Each fix is one step to undo."
      actions={
        <>
          <Button onClick={() => question.answer(false)}>Not yet</Button>
          <Button variant="primary" onClick={() => question.answer(true)}>
            {warnings.length > 0 ? 'Train all the same' : 'Train'}
          </Button>
        </>
      }
    >
      {warnings.length === 0 && (
        <p className="start-check__fine">
          <CircleCheck size={15} aria-hidden /> Nothing is left to fix.
        </p>
      )}
      <ul className="start-check">
        {warnings.map(({ node, edge, message, fix, remedy }) => (
          <li key={`${node}/${edge}/${message}`}>
            <TriangleAlert size={15} aria-hidden />
            <span>
              {sentence(message)} <span className="start-check__fix">{fix}</span>
            </span>
            {remedy && <FixButton remedy={remedy} />}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

const sentence = (message: string): string => `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
