import { AppWindow } from 'lucide-react';
import { useEffect, useState } from 'react';
import { meetOtherWindows, useOtherWindows } from '../documents/other-windows.ts';
import { handOverWhenAsked, takeOver, useTaken } from '../documents/take-over.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { Button } from '../ui/button.tsx';
import './engine-banner.css';

/** Tells that another window is open on the same engine, or has taken the document over, until the user has read it. */
export function OtherWindowsBanner() {
  const others = useOtherWindows((s) => s.others);
  const taken = useTaken((s) => s.taken);
  const path = useDocumentStore((s) => s.path);
  const [read, setRead] = useState<string | null>(null);
  useEffect(() => meetOtherWindows(), []);
  useEffect(() => handOverWhenAsked(), []);
  const same = path === null ? undefined : others.find((other) => other.path === path);
  const about = same?.path ?? '';
  return (
    <>
      {taken && (
        <div className="engine-banner" role="status">
          <AppWindow size={15} aria-hidden />
          <span>
            <strong>“{taken.name}” was taken over by another window</strong>
            {taken.unsaved ? ', with what was not saved here.' : '.'}
          </span>
          <Button size="small" onClick={() => useTaken.setState({ taken: null })}>
            Understood
          </Button>
        </div>
      )}
      {others.length > 0 && read !== about && (
        <div className="engine-banner" role="status">
          <AppWindow size={15} aria-hidden />
          <span>
            {same ? (
              <>
                <strong>This document is open in another window, too.</strong> Whoever saves second is asked before anything is
                overwritten. Taking it over closes it there; you go on here, with what was not saved there.
              </>
            ) : (
              <>
                <strong>Unroll is open in another window, too.</strong> Each window has its own document; runs are shared.
              </>
            )}
          </span>
          {same && path !== null && (
            <Button size="small" onClick={() => void takeOver({ key: same.key, path })}>
              Take over
            </Button>
          )}
          <Button size="small" onClick={() => setRead(about)}>
            Understood
          </Button>
        </div>
      )}
    </>
  );
}
