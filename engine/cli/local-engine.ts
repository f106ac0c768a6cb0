import { EventEmitter } from 'node:events';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { findHome } from '../home.ts';
import type { RunManager } from '../manage/run-manager.ts';
import type { EventData, EventName, Handlers } from '../protocol/contract.ts';
import type { RayRuns } from '../ray/ray-runs.ts';
import { createHandlers } from '../services/handlers.ts';
import type { SweepManager } from '../sweep/sweep-manager.ts';

/** The engine inside this process: the same handlers that the window calls, without a window. */
export interface LocalEngine {
  readonly call: Handlers;
  readonly runs: RunManager;
  readonly sweeps: SweepManager;
  readonly rays: RayRuns;
  /** Returns the function that ends the subscription. */
  on<E extends EventName>(event: E, listener: (data: EventData<E>) => void): () => void;
}

export function startLocalEngine(): LocalEngine {
  const emitter = new EventEmitter();
  const { handlers, runs, rays, sweeps } = createHandlers({
    home: findHome(),
    initial: { kind: 'template', name: 'syllables' },
    emit: (event, data) => void emitter.emit(event, data),
  });
  return {
    call: handlers,
    runs,
    sweeps,
    rays,
    on: (event, listener) => {
      emitter.on(event, listener);
      return () => emitter.off(event, listener);
    },
  };
}

/** A run is named by its id, or by the path of its folder. */
export async function runArgument(argument: string): Promise<string> {
  const folder = await stat(resolve(argument)).catch(() => null);
  return folder?.isDirectory() ? resolve(argument) : argument;
}
