import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { errorCode } from '../files/error-code.ts';
import type { Failure } from '../protocol/envelope.ts';
import {
  type EngineLine,
  engineLine,
  hear,
  isSame,
  ownVersion,
  type ProgramLine,
  programLine,
  type SessionLine,
  say,
  sessionLine,
  type Version,
  words,
} from './greeting.ts';
import { howToInstall } from './install-command.ts';
import { readLines } from './lines.ts';
import { beatEvery } from './serve-socket.ts';
import { inTerminal, sshArguments, whyNot } from './ssh-command.ts';

/** ms that a login and the start of the engine may take. */
const greetingTime = 90_000;
/** Characters of noise and of errors that are kept. */
const mostKept = 4096;

type Program = ChildProcessByStdio<Writable, Readable, Readable>;

/** Starts what reaches the machine; ssh, without a shell. */
export type Reach = (host: string) => Program;

export const bySsh: Reach = (host) => spawn('ssh', sshArguments(host), { stdio: ['pipe', 'pipe', 'pipe'] });

export interface LinkEvents {
  step(words: string): void;
  /** The engine is there. */
  opened(engine: EngineLine, write: (line: string) => void): void;
  /** It is time for a sign of life. */
  beat(): void;
  /** A frame of the session; `false` where it is none. */
  line(text: string): boolean;
  /** Once: never opened, or gone. */
  closed(failure: Failure): void;
}

/** One connection to the engine of another machine. @returns what ends it */
export function openLink(
  host: string,
  session: Pick<SessionLine, 'id' | 'received'>,
  events: LinkEvents,
  reach: Reach = bySsh,
  beat = beatEvery,
): () => void {
  const own = ownVersion();
  let program: ProgramLine | null = null;
  let engine: EngineLine | null = null;
  let failure: Failure | null = null;
  let over = false;
  let errors = '';
  let noise = '';
  const child = reach(host);
  let timer = setTimeout(() => fail(tooSlow(host)), greetingTime);

  const end = (): void => {
    clearTimeout(timer);
    child.stdin.destroy();
    child.kill();
  };
  const fail = (why: Failure): void => {
    failure ??= why;
    end();
  };
  const close = (code: number | null): void => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    events.closed(failure ?? (engine === null ? whyNot(host, { code, errors, noise }) : lost(host)));
  };

  const greet = (line: string): void => {
    if (program === null) {
      program = hear(words.program, programLine, line);
      if (program === null) noise = `${noise}${line}\n`.slice(-mostKept);
      else if (!isSame(program, own)) fail(otherVersion(host, program));
      else {
        events.step('Starting the engine there …');
        child.stdin.write(`${say(words.session, sessionLine.parse({ ...own, ...session }))}\n`);
      }
      return;
    }
    engine = hear(words.engine, engineLine, line);
    if (engine === null) fail(noFrame(host, line));
    else if (!isSame(engine, own)) fail(olderEngine(host, engine));
    else {
      clearTimeout(timer);
      timer = setInterval(() => {
        if (Date.now() - heard > 3 * beat) fail(lost(host));
        else events.beat();
      }, beat);
      events.opened(engine, (text) => void child.stdin.write(`${text}\n`));
    }
  };

  let heard = Date.now();
  const read = readLines((line) => {
    if (over || failure !== null) return;
    heard = Date.now();
    if (engine === null) greet(line);
    else if (!events.line(line)) fail(noFrame(host, line));
  });
  child.stdout.on('data', (piece: Buffer) => {
    try {
      read(piece);
    } catch (error) {
      fail({ code: 'bad-frame', message: `${host}: ${error instanceof Error ? error.message : String(error)}.` });
    }
  });
  child.stderr.on('data', (piece: Buffer) => {
    errors = (errors + piece.toString()).slice(-mostKept);
  });
  child.stdin.on('error', () => undefined); // its end is told by `close`
  child.on('error', (error) => {
    failure ??= errorCode(error) === 'ENOENT' ? noSsh : { code: 'ssh-failed', message: `ssh did not start: ${error.message}` };
    close(null);
  });
  child.on('close', close);
  return end;
}

const noSsh: Failure = {
  code: 'ssh-missing',
  message: 'The program ssh is not found on this computer.',
  hint: 'Install OpenSSH: on Debian and Ubuntu the package openssh-client, on Windows the optional feature “OpenSSH Client”.',
};

const lost = (host: string): Failure => ({ code: 'connection-lost', message: `The connection to ${host} was lost.` });

const tooSlow = (host: string): Failure => ({
  code: 'far-silent',
  message: `${host} was reached, but no engine has answered in ${greetingTime / 1000} seconds.`,
  hint: 'This shows whether one runs there:',
  command: inTerminal(host, 'unroll serve --status'),
});

const noFrame = (host: string, line: string): Failure => ({
  code: 'bad-frame',
  message: `Something on ${host} writes to standard output in between: “${line.slice(0, 80)}”.`,
  hint: 'Only Unroll may write there. Look into the files that the login shell reads (.bashrc, .zshenv …).',
});

/** One of two versions: its number, and where both have the same its build. */
const described = ({ version, contract }: Version, other: Version): string =>
  version === other.version ? `${version} (build ${contract.slice(0, 6)})` : version;

function otherVersion(host: string, theirs: ProgramLine): Failure {
  const own = ownVersion();
  return {
    code: 'other-version',
    message: `Unroll is ${described(own, theirs)} here and ${described(theirs, own)} on ${host}; both must be the same.`,
    ...howToInstall(host),
  };
}

const olderEngine = (host: string, theirs: EngineLine): Failure => ({
  code: 'older-engine',
  message: `Unroll is up to date on ${host}, but an engine of ${described(theirs, ownVersion())} still trains there.`,
  hint: 'Wait until its run is done, or save it and end that engine; the run can be resumed then:',
  command: inTerminal(host, 'unroll serve --stop'),
});
