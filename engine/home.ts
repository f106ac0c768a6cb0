import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where Unroll keeps what is the user's. `UNROLL_HOME` moves all of it. */
export interface Home {
  readonly root: string;
  readonly runs: string;
  readonly autosave: string;
  readonly recent: string;
  /** The series of seeds that goes on. */
  readonly series: string;
  readonly sweeps: string;
  /** Blocks kept for all documents. */
  readonly blocks: string;
  /** Tokens of Ray clusters. */
  readonly rayTokens: string;
  /** Settings of this machine's devices. */
  readonly device: string;
  /** Other machines that the windows were on. */
  readonly machines: string;
  /** Files that were sent here from another machine. */
  readonly sent: string;
}

/** The platform's place for application data. */
function defaultRoot(environment: NodeJS.ProcessEnv): string {
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Unroll');
  if (process.platform === 'win32') return join(environment['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'Unroll');
  return join(environment['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'unroll');
}

export function findHome(environment: NodeJS.ProcessEnv = process.env): Home {
  const root = environment['UNROLL_HOME'] ?? defaultRoot(environment);
  return {
    root,
    runs: join(root, 'runs'),
    autosave: join(root, 'autosave'),
    recent: join(root, 'recent.json'),
    series: join(root, 'seeds.json'),
    sweeps: join(root, 'sweeps'),
    blocks: join(root, 'blocks'),
    rayTokens: join(root, 'ray-tokens.json'),
    device: join(root, 'device.json'),
    machines: join(root, 'machines.json'),
    sent: join(root, 'sent'),
  };
}
