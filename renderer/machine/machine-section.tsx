import { Server } from 'lucide-react';
import { farHost, useMachine } from '../bridge/machine.ts';
import { Button } from '../ui/button.tsx';
import { disconnect, openConnectDialog } from './actions.ts';
import './machine-section.css';

/** Which machine the devices below are of, and the way to another. @param onLeave the menu is to close */
export function MachineSection({ onLeave }: { readonly onLeave?: (() => void) | undefined }) {
  const state = useMachine((s) => s.state);
  const host = farHost(state);
  const where = host === null ? 'This computer' : state.kind === 'away' ? `${host}, connection lost` : `${host}, over ssh`;
  const open = (): void => {
    onLeave?.();
    openConnectDialog();
  };
  return (
    <section className="machine" aria-label="Machine">
      <Server size={16} aria-hidden />
      <span className="machine__where">
        <b>{where}</b>
        <span>
          {host === null ? 'data, training and runs are here' : 'data, training and runs are there; the document is here'}
        </span>
      </span>
      {host === null ? (
        <Button size="small" onClick={open}>
          Connect to a machine…
        </Button>
      ) : (
        <Button size="small" onClick={() => void disconnect()}>
          Back to this computer
        </Button>
      )}
    </section>
  );
}
