import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ParentPort } from '../links/parent-port.ts';
import { type TrialRequest, trialEnvironment, trialNews } from '../protocol/trial-process.ts';
import type { FromTrial, StartTrialProcess } from './trial-messages.ts';

/** As a child of this process, by Node. */
export const startByNode: StartTrialProcess = (threads, listener) => {
  const [script = '', ...loader] = scriptArguments();
  const child = fork(script, [], {
    execArgv: loader,
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, ...trialEnvironment(threads) },
  });
  let output = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    output = (output + chunk.toString('utf8')).slice(-2000);
  });
  child.on('message', (message: FromTrial) => listener.heard(message));
  child.on('error', (error) => listener.ended(`could not be started (${error.message})`, output));
  // Not when it exits: its last words may still be on their way.
  child.on('close', (code, by) => listener.ended(by === null ? `ended with ${code}` : `was ended by ${by}`, output));
  return { say: (message) => void (child.connected && child.send(message)) };
};

/** In a checkout the script beside this file, run through tsx; in a build its bundle. */
function scriptArguments(): string[] {
  const source = fileURLToPath(new URL('./trial-process.ts', import.meta.url));
  if (process.env['UNROLL_BUNDLED'] !== '1')
    return [source, '--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href];
  return [fileURLToPath(new URL('../../dist/trial-process.js', import.meta.url))];
}

let next = 1;

/** By the desktop shell, whose main process alone can start one. */
export const startByShell =
  (shell: ParentPort): StartTrialProcess =>
  (threads, listener) => {
    const id = next++;
    const post = (request: TrialRequest): void => shell.postMessage(request);
    const read = ({ data }: { readonly data: unknown }): void => {
      const news = trialNews.safeParse(data).data;
      if (news?.id !== id) return;
      if (news.kind === 'from-trial') {
        listener.heard(news.message as FromTrial);
        return;
      }
      shell.off('message', read);
      listener.ended(news.ending, news.output);
    };
    shell.on('message', read);
    post({ kind: 'start-trial', id, threads });
    return { say: (message) => post({ kind: 'to-trial', id, message }) };
  };
