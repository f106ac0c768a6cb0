import { homedir } from 'node:os';
import { acquireLock } from '../files/lock.ts';
import { findHome } from '../home.ts';
import { Connections } from '../links/connections.ts';
import { dispatch } from '../links/dispatch.ts';
import { servePlace } from '../machines/serve-place.ts';
import { serveSocket } from '../machines/serve-socket.ts';
import { engineStatus, serveStdio, stopEngine } from '../machines/serve-stdio.ts';
import { UserError } from '../protocol/envelope.ts';
import { figuresToJson } from '../protocol/figure.ts';
import { createHandlers } from '../services/handlers.ts';
import type { Output } from './output.ts';

export interface ServeOptions {
  readonly stdio?: boolean;
  readonly status?: boolean;
  readonly stop?: boolean;
  /** Started by `--stdio`: the engine itself, which outlives the connection. */
  readonly engine?: boolean;
}

/** ms after which an engine ends that nobody is connected to, and that trains nothing. */
const idleFor = 30 * 60 * 1000;

/** The engine for a window on another machine. */
export async function serveCommand(output: Output, options: ServeOptions): Promise<void> {
  const chosen = (['stdio', 'status', 'stop', 'engine'] as const).filter((name) => options[name]);
  if (chosen.length !== 1)
    throw new UserError({
      code: 'nothing-to-serve',
      message: 'Expected one of --stdio, --status and --stop.',
      hint: 'A window on another machine runs: ssh -T HOST unroll serve --stdio',
    });
  const home = findHome();
  const place = await servePlace(home.root);
  if (options.stdio) {
    await serveStdio(place, [process.execPath, ...process.execArgv, process.argv[1] ?? '', 'serve', '--engine'], process);
    // Standard input may still be open.
    process.exit(0);
  }
  if (options.engine) return serveEngine(home, place);
  if (options.stop) {
    const stopped = await stopEngine(place);
    output.tell({ event: 'stopped', stopped });
    output.say(stopped ? 'The engine has ended; a run that trained can be resumed.' : 'No engine runs here.');
    return;
  }
  const status = await engineStatus(place);
  output.tell({ event: 'status', running: status !== null, ...status });
  if (status === null) output.say('No engine runs here.');
  else
    output.say(
      `Engine ${status.version}, process ${status.pid}: ${status.training ? 'trains' : 'trains nothing'}; ${status.connected} connected.`,
    );
}

/** Lives until it is asked to end, or has had nothing to do for a while. */
async function serveEngine(home: ReturnType<typeof findHome>, place: Awaited<ReturnType<typeof servePlace>>): Promise<void> {
  const lock = await acquireLock(place.lock);
  // Another one was started at the same moment.
  if ('heldBy' in lock) return;
  process.chdir(homedir());
  const connections = new Connections((window) => left(window));
  const { handlers, runs, rays, sweeps, putAway, left } = createHandlers({
    home,
    initial: { kind: 'template', name: 'syllables' },
    emit: (event, data) => connections.broadcast(figuresToJson({ event, data })),
  });
  void rays.attachAll();
  const trains = (): boolean => runs.isTraining || sweeps.isRunning;
  let ending = false;
  const end = (exitCode: number): void => {
    if (ending) return;
    ending = true;
    void putAway()
      .catch((error: unknown) => console.error('engine: the run could not be saved', error))
      .then(() => served.close())
      .then(() => lock.release())
      .finally(() => process.exit(exitCode));
  };
  const served = await serveSocket(place.socket, {
    home: home.root,
    connections,
    answer: (message, window) => dispatch(message, handlers, window),
    isTraining: trains,
    end: () => end(0),
  });
  // A terminal or connection that ends takes nothing with it.
  process.on('SIGHUP', () => undefined);
  process.on('SIGINT', () => end(130));
  process.on('SIGTERM', () => end(143));
  let busy = Date.now();
  setInterval(() => {
    if (served.connected > 0 || trains()) busy = Date.now();
    else if (Date.now() - busy > idleFor) end(0);
  }, 30_000);
  await new Promise(() => undefined);
}
