import { type EventData, events } from '../protocol/contract.ts';
import type { RunSummary } from '../protocol/runs.ts';
import { RunStore } from '../runs/run-store.ts';
import type { Prepare } from '../training/run-setup.ts';
import { RunManager } from './run-manager.ts';

const contracts = events as Record<string, { parse(data: unknown): unknown }>;

/**
 * A manager whose messages are all checked against the contract, and ways to wait for them.
 *
 * @param root where its runs are kept
 */
export function managedRuns(root: string, prepare?: Prepare) {
  const listeners = new Set<(summary: RunSummary) => void>();
  const sent: string[] = [];
  const emit = (event: string, data: unknown): void => {
    contracts[event]?.parse(data);
    sent.push(event);
    if (event !== 'run.progress') return;
    for (const listener of listeners) listener((data as EventData<'run.progress'>).summary);
  };
  const manager = new RunManager(new RunStore(root), { emit }, prepare);
  /** The first summary from now on of which it is so. */
  const when = (test: (summary: RunSummary) => boolean): Promise<RunSummary> =>
    new Promise((resolve) => {
      const listener = (summary: RunSummary): void => {
        if (!test(summary)) return;
        listeners.delete(listener);
        resolve(summary);
      };
      listeners.add(listener);
    });
  /** The next end of a run. */
  const ended = (): Promise<RunSummary> => when(({ status }) => status !== 'running');
  /** A run from its start to its end. */
  const train = async (options: Parameters<RunManager['startRun']>[0]): Promise<RunSummary> => {
    const end = ended();
    await manager.startRun(options);
    return end;
  };
  return { manager, sent, when, ended, train };
}
