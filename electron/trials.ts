import { endTrial, fromTrial, type TrialNews, trialEnvironment, trialRequest } from '../engine/protocol/trial-process.ts';

/** The parts of Electron's utility process that are used. */
export interface TrialChild {
  readonly stderr: { on(event: 'data', listener: (chunk: Buffer) => void): unknown } | null;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  once(event: 'spawn', listener: () => void): unknown;
  once(event: 'exit', listener: (code: number | null) => void): unknown;
  postMessage(message: unknown): void;
  kill(): boolean;
}
interface Engine {
  on(event: 'message', listener: (message: unknown) => void): unknown;
  once(event: 'exit', listener: () => void): unknown;
  postMessage(message: TrialNews): void;
}

const keptOutput = 2000;
/** Milliseconds that a trial has to save when the engine is gone. */
const savingTime = 20_000;

/**
 * Starts the trials that the engine asks for: our own script, each in a process of its own, and carries what they say to each other.
 *
 * @param start starts the script with variables of its environment
 */
export function serveTrials(engine: Engine, start: (environment: Readonly<Record<string, string>>) => TrialChild): void {
  const running = new Map<number, (message: unknown) => void>();
  let ended = false;
  const tell = (news: TrialNews): void => {
    if (!ended) engine.postMessage(news);
  };
  engine.once('exit', () => {
    ended = true;
    for (const say of running.values()) say(endTrial);
  });
  engine.on('message', (message) => {
    const request = trialRequest.safeParse(message).data;
    if (request === undefined) return;
    const { id } = request;
    if (request.kind === 'to-trial') {
      running.get(id)?.(request.message);
      return;
    }
    const child = start(trialEnvironment(request.threads));
    // What is said before it listens would be lost.
    let waiting: unknown[] | null = [];
    running.set(id, (said) => {
      if (waiting === null) child.postMessage(said);
      else waiting.push(said);
      if (ended) setTimeout(() => child.kill(), savingTime).unref();
    });
    child.once('spawn', () => {
      for (const said of waiting ?? []) child.postMessage(said);
      waiting = null;
    });
    let output = '';
    child.stderr?.on('data', (chunk) => {
      output = (output + chunk.toString('utf8')).slice(-keptOutput);
    });
    child.on('message', (said) => {
      const { success, data } = fromTrial.safeParse(said);
      if (!success) return;
      tell({ kind: 'from-trial', id, message: said });
      if (data.kind !== 'event') child.kill();
    });
    child.once('exit', (code) => {
      running.delete(id);
      tell({ kind: 'trial-process-ended', id, ending: `ended with ${code}`, output });
    });
  });
}
