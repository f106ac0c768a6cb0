import { useEffect, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Progress } from '../ui/progress.tsx';
import { Spinner } from '../ui/spinner.tsx';
import type { Work } from './use-work.ts';
import './work-note.css';

interface WorkNoteProps {
  /** What is done, e.g. `Asking each step …`. */
  readonly label: string;
  readonly work: Work<unknown> & { cancel(): void };
}

/** How far work is, with a way to end it, once it has taken a second; a turning circle before, where there is nothing to look at yet. */
export function WorkNote({ label, work }: WorkNoteProps) {
  const { progress, result, cancel, cancelled } = work;
  const busy = progress !== null;
  const [long, setLong] = useState(false);
  useEffect(() => {
    setLong(false);
    if (!busy) return undefined;
    const timer = setTimeout(() => setLong(true), 1000);
    return () => clearTimeout(timer);
  }, [busy]);
  if (cancelled) return <p className="view-head__words">This was cancelled; what is chosen anew is asked again.</p>;
  if (!busy) return null;
  if (!long) return result === null ? <Spinner label={label} /> : null;
  return (
    <div className="work-note">
      <span className="work-note__label">{label}</span>
      <Progress label={label} value={progress.of > 0 ? progress.done / progress.of : null} />
      <Button size="small" onClick={cancel}>
        Cancel
      </Button>
    </div>
  );
}
