import { Unplug } from 'lucide-react';
import { useMachine } from '../bridge/machine.ts';
import { Button } from '../ui/button.tsx';
import { disconnect, retryMachine } from './actions.ts';

/** Tells that the connection to the machine is lost; it is sought again by itself. */
export function AwayBanner() {
  const state = useMachine((s) => s.state);
  if (state.kind !== 'away') return <div />;
  const { host, failure } = state;
  return (
    <div className="engine-banner" role="alert">
      <Unplug size={15} aria-hidden />
      <span>
        <strong>The connection to {host} is lost.</strong>{' '}
        {failure === null ? 'Connecting again… ' : `${failure.message} It is tried again. `}
        Your document is safe, and what trains there goes on.
      </span>
      <Button size="small" onClick={retryMachine}>
        Try now
      </Button>
      <Button size="small" onClick={() => void disconnect()}>
        Work here
      </Button>
    </div>
  );
}
