import { findHome } from './home.ts';
import { serveChildProcess } from './links/child-process.ts';
import { chosenInShell } from './links/chosen-path.ts';
import { type Answer, Connections } from './links/connections.ts';
import { dispatch } from './links/dispatch.ts';
import { parentPort } from './links/parent-port.ts';
import { secretsInShell } from './links/secrets.ts';
import { serveUtilityProcess } from './links/utility-process.ts';
import { Machines } from './machines/machines.ts';
import type { Caller, EventData, EventName } from './protocol/contract.ts';
import { figuresToJson } from './protocol/figure.ts';
import { createHandlers } from './services/handlers.ts';

/**
 * The engine's own process. Its parent is the Electron shell (`utilityProcess`, one MessagePort for each window) or the plain
 * shell (a Node child process). It opens `UNROLL_OPEN`, or the template that trains in under a minute.
 */
const file = process.env['UNROLL_OPEN'];
const connections = new Connections((window) => left(window));
const shell = parentPort;
const broadcast = <E extends EventName>(event: E, data: EventData<E>): void =>
  connections.broadcast(figuresToJson({ event, data }));
const machines = new Machines({ tell: (state) => broadcast('machine.state', { state }) });
const {
  handlers,
  rays,
  putAway,
  left: windowLeft,
} = createHandlers({
  home: findHome(),
  initial: file ? { kind: 'file', path: file } : { kind: 'template', name: 'syllables' },
  ...(shell === null
    ? {}
    : { chosenInShell: (path, purpose) => chosenInShell(shell, path, purpose), secrets: secretsInShell(shell) }),
  machines,
  emit: (event, data) => {
    if (!machines.hides(event)) broadcast(event, data);
  },
});
void rays.attachAll();
const left = (window: Caller): void => {
  machines.left(window);
  windowLeft(window);
};
const answer: Answer = async (message, window) => (machines.carry(message, window) ? null : dispatch(message, handlers, window));

/** Whoever asks for the end, and however often: what trains is saved first. A shell that cannot wait kills. */
let ending = false;
function end(exitCode: number): void {
  if (ending) return;
  ending = true;
  putAway().then(
    () => process.exit(exitCode),
    (error: unknown) => {
      console.error('engine: the run could not be saved', error);
      process.exit(1);
    },
  );
}
process.on('SIGINT', () => end(130));
process.on('SIGTERM', () => end(143));
process.on('SIGHUP', () => end(129));

if (shell !== null) serveUtilityProcess(shell, connections, answer);
else if (process.send !== undefined) serveChildProcess(connections, answer, () => end(0));
else {
  console.error('The engine is started by a shell: run `npm start`, or `unroll --help` for the command line.');
  process.exit(2);
}
