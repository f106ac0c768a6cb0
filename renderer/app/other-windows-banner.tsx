import { AppWindow } from 'lucide-react';
import { useEffect, useState } from 'react';
import { meetOtherWindows, useOtherWindows } from '../documents/other-windows.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { Button } from '../ui/button.tsx';
import './engine-banner.css';

/** Tells that another window is open on the same engine, until the user has read it. */
export function OtherWindowsBanner() {
  const others = useOtherWindows((s) => s.others);
  const path = useDocumentStore((s) => s.path);
  const [read, setRead] = useState<string | null>(null);
  useEffect(() => meetOtherWindows(), []);
  const same = path !== null && others.some((other) => other.path === path);
  const about = same ? path : '';
  if (others.length === 0 || read === about) return null;
  return (
    <div className="engine-banner" role="status">
      <AppWindow size={15} aria-hidden />
      <span>
        {same ? (
          <>
            <strong>This document is open in another window, too.</strong> Whoever saves second is asked before anything is
            overwritten.
          </>
        ) : (
          <>
            <strong>Unroll is open in another window, too.</strong> Each window has its own document; runs are shared.
          </>
        )}
      </span>
      <Button size="small" onClick={() => setRead(about)}>
        Understood
      </Button>
    </div>
  );
}
