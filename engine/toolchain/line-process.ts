import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A program that answers each line of JSON with one; asked one thing at a time. */
export interface LineProcess {
  /** Its first line. */
  readonly greeting: unknown;
  /** @throws what `failed` makes of its end */
  ask(request: unknown): Promise<unknown>;
  /** Whether it has broken off. */
  ended(): boolean;
  close(): Promise<void>;
}

/** Of what it writes beside its answers, the end is kept for its last words. */
const keptWords = 4000;

/**
 * Starts a program that speaks a line of JSON per request on its standard streams, and waits for its first line.
 *
 * @param failed makes an error of how it ended
 */
export async function startLineProcess(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  failed: (message: string) => Error,
): Promise<LineProcess> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...environment } });
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => {
    words = (words + chunk.toString('utf8')).slice(-keptWords);
  });
  let waiting: { resolve(line: string): void; reject(error: Error): void } | null = null;
  createInterface({ input: child.stdout }).on('line', (line) => {
    waiting?.resolve(line);
    waiting = null;
  });
  let ended: Error | null = null;
  const end = (reason: string): void => {
    ended ??= failed(`${program} ${reason}${words === '' ? '' : `: ${words.trim().split('\n').slice(-8).join('\n')}`}`);
    waiting?.reject(ended);
    waiting = null;
  };
  child.on('error', (error) => end(`did not start (${error.message})`));
  child.on('close', (code, signal) => end(signal === null ? `ended with code ${code}` : `was ended by ${signal}`));
  child.stdin.on('error', () => undefined);
  const line = async (): Promise<unknown> => {
    if (ended !== null) throw ended;
    const text = await new Promise<string>((resolve, reject) => {
      waiting = { resolve, reject };
    });
    return JSON.parse(text);
  };
  const greeting = await line();
  return {
    greeting,
    ended: () => ended !== null,
    async ask(request) {
      const reply = line();
      child.stdin.write(`${JSON.stringify(request)}\n`);
      return reply;
    },
    async close() {
      if (ended !== null) return;
      const closed = new Promise((resolve) => child.once('close', resolve));
      child.stdin.end();
      const late = setTimeout(() => child.kill('SIGKILL'), 5000);
      await closed;
      clearTimeout(late);
    },
  };
}
