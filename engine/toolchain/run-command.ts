import { spawn } from 'node:child_process';

export interface CommandOptions {
  readonly signal?: AbortSignal;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly onOutput?: (text: string) => void;
}

/** How a command ended. It is a value because a missing program or a failing one is expected here. */
export interface CommandResult {
  readonly ok: boolean;
  /** Both streams, the last 64 kB. */
  readonly output: string;
  /** e.g. 'exited with 1', 'was ended by SIGILL', 'is not installed'. */
  readonly ending: string;
}

const keptOutput = 64 * 1024;

/** Runs a program in its own process group, so that cancelling ends what it started too. */
export function runCommand(program: string, args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const { signal, env = process.env, cwd, onOutput } = options;
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const grouped = process.platform !== 'win32';
    const child = spawn(program, args, {
      env,
      detached: grouped,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(cwd === undefined ? {} : { cwd }),
    });
    let output = '';
    const collect = (chunk: Buffer): void => {
      const text = chunk.toString('utf8');
      output = (output + text).slice(-keptOutput);
      onOutput?.(text);
    };
    const end = (): void => {
      try {
        if (grouped && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
        else child.kill('SIGKILL');
      } catch {
        // It had ended already.
      }
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    signal?.addEventListener('abort', end, { once: true });
    child.on('error', (error) => {
      signal?.removeEventListener('abort', end);
      const missing = 'code' in error && error.code === 'ENOENT';
      resolve({ ok: false, output, ending: missing ? 'is not installed' : `could not start: ${error.message}` });
    });
    child.on('close', (code, ended) => {
      signal?.removeEventListener('abort', end);
      if (signal?.aborted === true) reject(signal.reason);
      else resolve({ ok: code === 0, output, ending: ended === null ? `exited with ${code}` : `was ended by ${ended}` });
    });
  });
}

/** The last lines of an output, for an error message. */
export const lastLines = (output: string, count = 6): string => output.trim().split(/\r?\n/).slice(-count).join('\n');

/** What a program said last, as part of a sentence: its last line that is not empty, of at most 300 characters, without its full stop. */
export function lastLine(output: string): string {
  const lines = output.split(/\r?\n/).map((line) => line.trim());
  return (lines.findLast((line) => line !== '') ?? '').slice(0, 300).replace(/\.$/, '');
}
