import { resolve } from 'node:path';
import { sizeOf, type TablesWithFiles, tablesWithFiles } from '../data/named-files.ts';
import { configuredMachines, rememberMachine, usedMachines } from '../machines/known-machines.ts';
import type { Machines } from '../machines/machines.ts';
import { sendFiles } from '../machines/send-files.ts';
import { UserError } from '../protocol/envelope.ts';
import type { EngineContext, Service } from './context.ts';
import { filesOfDocuments } from './files-of-documents.ts';

/** The machine that the windows are on. */
export function machineService(context: EngineContext): Service<'machine'> {
  const { home, emit } = context;
  let sending: AbortController | null = null;
  const machines = (): Machines => {
    if (context.machines !== undefined) return context.machines;
    throw new UserError({ code: 'no-machines', message: 'Only the engine of a window can be on another machine.' });
  };
  return {
    'machine.list': async () => {
      const used = await usedMachines(home.machines);
      const configured = await configuredMachines();
      return {
        machines: [
          ...used.map((host) => ({ host, used: true })),
          ...configured.filter((host) => !used.includes(host)).map((host) => ({ host, used: false })),
        ],
      };
    },
    'machine.connect': async ({ host }) => {
      const all = machines();
      await requireChosenMachine(context, host);
      const state = await all.connect(host);
      await rememberMachine(home.machines, host);
      if (state.kind === 'there') void keepSent(context, all, state.home).catch(console.error);
      return { state };
    },
    'machine.disconnect': async () => {
      machines().disconnect();
      return { state: machines().state };
    },
    'machine.retry': async () => {
      machines().retry();
      return {};
    },
    'machine.forget': async ({ host }) => {
      await rememberMachine(home.machines, host, false);
      return {};
    },
    'machine.measure': async ({ paths }) => sizeOf(await filesToSend(paths)),
    'machine.send': async ({ paths }) => {
      if (!machines().isThere)
        throw new UserError({ code: 'not-connected', message: 'There is no machine to send to.', hint: 'Connect to one first.' });
      sending?.abort(cancelled);
      const control = new AbortController();
      sending = control;
      const progress = (name: string, fraction: number): void => emit('machine.sending', { name, fraction });
      const { tables, named } = await filesToSend(paths, control.signal);
      const sent = await sendFiles(machines(), [...tables, ...named], { signal: control.signal, progress });
      return { paths: sent.slice(0, tables.length) };
    },
    'machine.cancelSend': async () => {
      sending?.abort(cancelled);
      return {};
    },
  };
}

/** What one sending may bring: beyond that a copy by hand is the better tool. */
const most = { files: 50_000, bytes: 5e9 };

const filesToSend = (paths: readonly string[], signal?: AbortSignal): Promise<TablesWithFiles> =>
  tablesWithFiles(
    paths.map((path) => ({ path: resolve(path) })),
    most,
    signal,
  );

/** Tells the engine there which of the files that were sent to it the documents of this machine name: the others are removed in time. */
async function keepSent({ home }: EngineContext, machines: Machines, there: string): Promise<void> {
  const paths = (await filesOfDocuments(home)).filter((path) => path.startsWith(`${there}/sent/`));
  await machines.call('transfer.keep', { paths });
}

const cancelled = new UserError({ code: 'cancelled', message: 'Sending was cancelled.' });

/**
 * The desktop shell asks the person before a machine is reached for the first time: a window that was taken over must not send data away.
 *
 * @throws UserError `machine-not-chosen`
 */
async function requireChosenMachine({ home, chosenInShell }: EngineContext, host: string): Promise<void> {
  if (chosenInShell === undefined || (await usedMachines(home.machines)).includes(host)) return;
  if (await chosenInShell(host, 'machine')) return;
  throw new UserError({ code: 'machine-not-chosen', message: `You have not agreed to connect to ${host}.` });
}
