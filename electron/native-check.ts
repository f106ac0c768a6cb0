import { type NativeCheckEnded, nativeCheckRequest, nativeCheckResult } from '../engine/protocol/native-check.ts';

/** The parts of Electron's utility process that are used. */
interface Stream {
  on(event: 'data', listener: (chunk: Buffer) => void): unknown;
}
export interface CheckProcess {
  readonly stdout: Stream | null;
  readonly stderr: Stream | null;
  once(event: 'message', listener: (message: unknown) => void): unknown;
  once(event: 'exit', listener: (code: number | null) => void): unknown;
  kill(): boolean;
}
interface Engine {
  on(event: 'message', listener: (message: unknown) => void): unknown;
  once(event: 'exit', listener: () => void): unknown;
  postMessage(message: NativeCheckEnded): void;
}

const keptOutput = 64 * 1024;
/** A library that hangs while it is loaded is one that does not work. */
const longestCheck = 10 * 60_000;

/**
 * Starts the checks that the engine asks for: our own script, with the two files as its arguments. Whatever it loads can end only that
 * process.
 *
 * @param start starts the script with arguments
 */
export function serveNativeChecks(engine: Engine, start: (args: readonly string[]) => CheckProcess): void {
  const running = new Map<number, CheckProcess>();
  let ended = false;
  engine.once('exit', () => {
    ended = true;
    for (const child of running.values()) child.kill();
  });
  engine.on('message', (message) => {
    const { success, data: request } = nativeCheckRequest.safeParse(message);
    if (!success) return;
    if (request.kind === 'cancel-native-check') {
      running.get(request.id)?.kill();
      return;
    }
    const { id, binding, ops } = request;
    const child = start(ops === null ? [binding] : [binding, ops]);
    running.set(id, child);
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk) => {
        output = (output + chunk.toString('utf8')).slice(-keptOutput);
      });
    // The first reason counts: ending the process afterwards is ours.
    let ending: string | null = null;
    let ok = false;
    const end = (reason: string): void => {
      ending ??= reason;
      child.kill();
    };
    const timer = setTimeout(() => end('did not end in 10 minutes'), longestCheck);
    child.once('message', (message) => {
      const result = nativeCheckResult.safeParse(message);
      ok = ending === null && result.data?.ok === true;
      if (result.success) output = `${output}\n${result.data.text}\n`;
      end(ok ? 'passed' : 'failed');
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      running.delete(id);
      if (!ended) engine.postMessage({ kind: 'native-check-ended', id, ok, output, ending: ending ?? `ended with code ${code}` });
    });
  });
}
