import { useEffect, useRef } from 'react';
import { create } from 'zustand';
import type { EventData, EventName, MethodResult } from '../../engine/protocol/contract.ts';
import { type Failure, protocolVersion } from '../../engine/protocol/envelope.ts';
import { EngineClient, EngineError } from './engine-client.ts';
import { FramePace } from './frame-pace.ts';
import { showMachine, useMachine } from './machine.ts';
import { ReconnectingTransport } from './reconnecting-transport.ts';
import { shell, shellLink } from './shell-link.ts';
import { lendWebGpu } from './webgpu-worker.ts';
import { websocketLink } from './websocket-link.ts';

const transport = new ReconnectingTransport();

/** The one engine of this window: `engine.call(method, params)`; events with `useEngineEvent`. */
export const engine = new EngineClient(transport, (tell) => new FramePace(tell));

interface Connection {
  readonly status: 'connecting' | 'open' | 'lost';
  /** Rises with each (re)connection: panels that show engine state load it again. */
  readonly generation: number;
  readonly hello: MethodResult<'app.hello'> | null;
  /** Why the engine refused the window, if it did. */
  readonly refusal: Failure | null;
}

export const useConnection = create<Connection>(() => ({ status: 'connecting', generation: 0, hello: null, refusal: null }));

transport.onStatus((status, refusal) => {
  if (status !== 'open') {
    useConnection.setState({ status, refusal });
    return;
  }
  engine.call('app.hello', { protocol: protocolVersion }).then(
    (hello) => {
      showMachine(hello.machine);
      useConnection.setState((s) => ({ status: 'open', hello, refusal: null, generation: s.generation + 1 }));
      lendWebGpu(engine);
    },
    (error: unknown) => useConnection.setState({ status: 'lost', refusal: failureOf(error) }),
  );
});

/** What panels show of one machine is loaded again from the other. */
engine.on('machine.state', ({ state }) => {
  const { joined } = useMachine.getState().state;
  showMachine(state);
  if (state.joined !== joined) useConnection.setState((s) => ({ generation: s.generation + 1 }));
});

/** Connects; called once, when the window starts. */
export function connectEngine(): void {
  transport.start(shell ? shellLink(shell) : websocketLink(window));
  // An address that lets this browser in was put into a window that waits for one.
  window.addEventListener('hashchange', retryConnection);
}

export const retryConnection = (): void => transport.retry();

/** What went wrong, in words for the user, from whatever was thrown. */
export function failureOf(error: unknown): Failure {
  if (error instanceof EngineError) return error.failure;
  return { code: 'unexpected', message: error instanceof Error ? error.message : String(error) };
}

/** Runs the listener on each event while the component is mounted. */
export function useEngineEvent<E extends EventName>(event: E, listener: (data: EventData<E>) => void): void {
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => engine.on(event, (data) => latest.current(data)), [event]);
}
