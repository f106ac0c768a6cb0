import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** The app's process, as `npm start -- --no-open` runs it. */
export interface Running {
  readonly child: ChildProcess;
  /** The newest address that was printed. */
  address(): string;
  /** Asks it to end, and waits until it has. */
  end(): Promise<void>;
}

export async function startApp(home: string, environment: NodeJS.ProcessEnv, port: string): Promise<Running> {
  const child = spawn(process.execPath, ['scripts/start.mjs', '--no-open', '--port', port], {
    cwd: root,
    env: { ...process.env, ...environment, UNROLL_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const address = (): string | undefined => output.match(/http:\S+#code=\S+(?=\s)/g)?.at(-1);
  await new Promise<void>((resolve, reject) => {
    const read = (data: Buffer): void => {
      output += data.toString();
      if (address() !== undefined) resolve();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.on('exit', (code) => reject(new Error(`the app ended with code ${code}: ${output}`)));
  });
  const end = async (): Promise<void> => {
    child.kill('SIGTERM');
    if (child.exitCode === null && child.signalCode === null) await new Promise((resolve) => child.once('exit', resolve));
  };
  return { child, address: () => address() ?? '', end };
}
