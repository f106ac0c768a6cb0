import { Check, FolderOpen } from 'lucide-react';
import { engine } from '../bridge/engine.ts';
import { useAnswer } from '../bridge/use-answer.ts';
import { chooseFileHere } from '../documents/choose-path.ts';
import { useUiStore } from '../store/ui-store.ts';
import { Button } from '../ui/button.tsx';
import '../ui/choice-card.css';
import { Spinner } from '../ui/spinner.tsx';
import './lesson-list.css';
import { openLesson, useLessonStore } from './lesson-store.ts';

/** Lessons to choose from, in the order in which they build on each other, and a teacher's from a file. */
export function LessonList() {
  const { result, failure } = useAnswer('lessons', () => engine.call('lesson.list', {}));
  const done = useLessonStore((s) => s.done);
  const leave = (): void => useUiStore.getState().openDialog(null);
  const choose = async (): Promise<void> => {
    leave();
    const path = await chooseFileHere({ title: 'Open a lesson', endings: ['lesson.json'] });
    if (path !== null) await openLesson({ path });
  };
  if (failure !== null) return <p role="alert">{failure.message}</p>;
  if (result === null) return <Spinner label="Reading the lessons…" />;
  return (
    <>
      <ol className="lessons">
        {result.lessons.map(({ name, title, teaches, minutes }, place) => (
          <li key={name}>
            <button
              type="button"
              className="choice-card lessons__card"
              aria-label={`Open lesson ${title}`}
              aria-describedby={`lesson-${name}`}
              onClick={() => {
                leave();
                void openLesson({ name });
              }}
            >
              <span className="lessons__number" aria-hidden>
                {place + 1}
              </span>
              <span className="choice-card__title">{title}</span>
              <span id={`lesson-${name}`} className="lessons__text">
                <span>{teaches}</span>
                <span className="lessons__minutes">
                  {minutes} minutes
                  {done.includes(name) && (
                    <span className="lessons__done">
                      <Check size={14} aria-hidden /> done
                    </span>
                  )}
                </span>
              </span>
            </button>
          </li>
        ))}
      </ol>
      <Button onClick={() => void choose()}>
        <FolderOpen size={14} aria-hidden /> Open a lesson file…
      </Button>
    </>
  );
}
