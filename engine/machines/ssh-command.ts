import type { Failure } from '../protocol/envelope.ts';
import { lastLine } from '../toolchain/run-command.ts';
import { howToInstall, oldestNode } from './install-command.ts';

/**
 * What runs there. A shell that is given a command reads no profile in many installations, so the place where Unroll's installer puts
 * its program is looked into, too. Quoted so that every shell that a user may log in with hands it to `sh`.
 */
const remote = (args: string): string => `exec sh -c 'PATH="$PATH:$HOME/.local/bin"; export PATH; exec unroll ${args}'`;

/** @param host checked by `machineHost` */
export function target(host: string): string[] {
  const at = host.lastIndexOf('@');
  const user = at < 0 ? '' : host.slice(0, at + 1);
  const place = host.slice(at + 1);
  const bracketed = /^\[(.+)\](?::(\d+))?$/.exec(place);
  const [, name = place, port] = bracketed ?? /^([^:]+):(\d+)$/.exec(place) ?? [];
  return [...(port === undefined ? [] : ['-p', port]), '--', `${user}${name}`];
}

/**
 * Arguments of ssh: the user's own configuration and keys, but nothing that would ask and hang, and none of the forwards that belong to
 * a terminal's connection.
 */
export function sshArguments(host: string): string[] {
  const options = ['BatchMode=yes', 'ConnectTimeout=20', 'ClearAllForwardings=yes', 'RemoteCommand=none', 'LogLevel=ERROR'];
  return ['-T', ...options.flatMap((option) => ['-o', option]), ...target(host), remote('serve --stdio')];
}

/** As a person would type it. */
export const inTerminal = (host: string, command = ''): string => {
  const [name, ...options] = target(host).reverse();
  return ['ssh', ...options.reverse().filter((option) => option !== '--'), name, command].filter(Boolean).join(' ');
};

/** How a connection ended. */
export interface SshEnd {
  /** `null` where a signal ended it. */
  readonly code: number | null;
  /** The last that ssh and the program there wrote to standard error. */
  readonly errors: string;
  /** What came on standard output in the place of the protocol. */
  readonly noise: string;
}

type Cause = Omit<Failure, 'code'> & { readonly code: string };

const rules: readonly {
  readonly of: RegExp;
  cause(host: string, words: string): Cause;
}[] = [
  {
    of: /REMOTE HOST IDENTIFICATION HAS CHANGED/i,
    cause: (host) => ({
      code: 'host-key-changed',
      message: `${host} shows another key than before: it may be another machine that answers in its place.`,
      hint: 'Ask who runs it whether its key was changed. If so, remove the old one as ssh says in a terminal:',
      command: inTerminal(host),
    }),
  },
  {
    of: /Host key verification failed|No .* host key is known/i,
    cause: (host) => ({
      code: 'host-key-unknown',
      message: `ssh does not know the key of ${host} yet.`,
      hint: 'Connect once in a terminal, compare the key with the one you were told, and confirm it:',
      command: inTerminal(host),
    }),
  },
  {
    of: /Permission denied|Too many authentication failures|No supported authentication methods/i,
    cause: (host) => ({
      code: 'key-refused',
      message: `${host} accepts none of your keys.`,
      hint: 'A window cannot ask for a password or a passphrase: put your key into ssh’s agent, and its public half onto the machine with ssh-copy-id. Then this has to work without a question:',
      command: `ssh-add && ${inTerminal(host, 'true')}`,
    }),
  },
  {
    of: /Could not resolve hostname|Name or service not known|nodename nor servname/i,
    cause: (host) => ({
      code: 'host-unknown',
      message: `There is no machine ${host} in your ssh configuration or on the network.`,
      hint: 'Check the spelling, and whether a VPN is needed.',
    }),
  },
  {
    of: /Connection refused|timed out|No route to host|Network is unreachable|Operation timed out/i,
    cause: (host, words) => ({
      code: 'host-unreachable',
      message: `${host} does not answer: ${lastLine(words)}.`,
      hint: 'Is it switched on, and does it take ssh connections from here?',
    }),
  },
];

/**
 * Why there is no engine at the other end, in words for the user.
 *
 */
export function whyNot(host: string, { code, errors, noise }: SshEnd): Failure {
  const node = /Node\.js v(\d+\.\d+)[.\d]*/.exec(errors)?.[1];
  if (node !== undefined && older(node, oldestNode))
    return {
      code: 'node-too-old',
      message: `Node.js on ${host} is ${node}; Unroll needs ${oldestNode} or newer.`,
      hint: 'Install a newer one there.',
    };
  if (code === 127 || /unroll: (?:command )?not found|not found: unroll/i.test(errors)) {
    if (/\bnode\b.*(?:No such file|not found)/i.test(errors))
      return {
        code: 'node-missing',
        message: `Unroll is installed on ${host}, but Node.js is not found there.`,
        hint: `Install Node.js ${oldestNode} or newer where commands over ssh find it. This shows what they see:`,
        command: inTerminal(host, "'echo $PATH'"),
      };
    return {
      code: 'unroll-missing',
      message: `Unroll is not installed on ${host}.`,
      ...howToInstall(host),
    };
  }
  const rule = code === 255 || code === null ? rules.find(({ of }) => of.test(errors)) : undefined;
  if (rule !== undefined) return rule.cause(host, errors);
  if (/unknown command 'serve'/.test(errors + noise))
    return {
      code: 'far-older',
      message: `Unroll on ${host} is of a version that cannot be joined.`,
      ...howToInstall(host),
    };
  // ssh is asked for errors only; what the program there says begins with its name.
  const told = /^unroll: (.+)$/m.exec(errors)?.[1];
  if (told !== undefined) {
    const hint = errors.slice(errors.indexOf(told) + told.length).trim();
    return { code: 'far-program', message: `Unroll on ${host}: ${told}`, ...(hint === '' ? {} : { hint }) };
  }
  const words = lastLine(errors) || lastLine(noise);
  return {
    code: 'no-engine',
    message: `${host} was reached, but no engine answers${words === '' ? '' : `: ${words}`}.`,
    hint: 'This shows what stands in the way:',
    command: inTerminal(host, 'unroll serve --status'),
  };
}

/** Whether a version `major.minor` is below another. */
function older(version: string, needed: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = needed.split('.').map(Number);
  return major < leastMajor || (major === leastMajor && minor < leastMinor);
}
