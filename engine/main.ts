import { dispatch } from './dispatch.ts';
import { findHome } from './home.ts';
import { serveChildProcess } from './links/child-process.ts';
import { Connections } from './links/connections.ts';
import { parentPort } from './links/parent-port.ts';
import { serveUtilityProcess } from './links/utility-process.ts';
import { figuresToJson } from './protocol/figure.ts';
import { createHandlers } from './services/handlers.ts';

/**
 * The engine's own process. Its parent is the Electron shell (`utilityProcess`, one MessagePort for each window) or the plain
 * shell (a Node child process). It opens `UNROLL_OPEN`, or the template that trains in under a minute.
 */
const file = process.env['UNROLL_OPEN'];
const connections = new Connections();
const { handlers } = createHandlers({
  home: findHome(),
  initial: file ? { kind: 'file', path: file } : { kind: 'template', name: 'syllables' },
  emit: (event, data) => connections.broadcast(figuresToJson({ event, data })),
});
const answer = (message: string): Promise<string | null> => dispatch(message, handlers);

if (parentPort !== null) serveUtilityProcess(parentPort, connections, answer);
else if (process.send !== undefined) serveChildProcess(connections, answer);
else {
  console.error('The engine is started by a shell: run `npm start`, or `unroll --help` for the command line.');
  process.exit(2);
}
