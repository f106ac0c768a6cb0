import { Unplug } from 'lucide-react';
import { useEffect, useState } from 'react';
import { retryConnection, useConnection } from '../bridge/engine.ts';
import { Button } from '../ui/button.tsx';
import './engine-banner.css';

/** A window that opens is let in within this time (ms), and needs no word before. */
const patience = 2500;

/** Tells that the engine is away; the window goes on and connects again by itself. */
export function EngineBanner() {
  const status = useConnection((s) => s.status);
  const refusal = useConnection((s) => s.refusal);
  const [late, setLate] = useState(false);
  const opening = status === 'connecting' || refusal !== null;
  useEffect(() => {
    const timer = setTimeout(() => setLate(opening), patience);
    if (!opening) setLate(false);
    return () => clearTimeout(timer);
  }, [opening]);
  if (status === 'open' || (opening && !late)) return <div />;
  return (
    <div className="engine-banner" role="alert">
      <Unplug size={15} aria-hidden />
      <span>
        {refusal ? (
          <>
            <strong>{refusal.message}</strong> {refusal.hint}
          </>
        ) : (
          <>
            <strong>The engine is not answering.</strong> Connecting again… Your document is safe, and a run resumes from its last
            checkpoint.
          </>
        )}
      </span>
      <Button size="small" onClick={retryConnection}>
        Try now
      </Button>
    </div>
  );
}
