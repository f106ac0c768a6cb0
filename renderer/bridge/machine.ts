import { create } from 'zustand';
import type { MachineState } from '../../engine/protocol/machine.ts';

/** The machine that data, devices and runs are on: this one, or another that the engine here is joined to. */
export const useMachine = create<{ readonly state: MachineState }>(() => ({ state: { kind: 'here', joined: 0 } }));

export const showMachine = (state: MachineState): void => useMachine.setState({ state });

/** The other machine's name; `null` on this one. */
export const farHost = (state = useMachine.getState().state): string | null =>
  state.kind === 'there' || state.kind === 'away' ? state.host : null;

/** Whether the windows have gone to another machine since this was called, whose runs and sweeps are others. */
export function hasMoved(): () => boolean {
  const { joined } = useMachine.getState().state;
  return () => useMachine.getState().state.joined !== joined;
}
