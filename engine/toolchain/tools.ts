import { runCommand } from './run-command.ts';

/** A program with its first arguments. */
export type Command = readonly [program: string, ...args: string[]];

export type ToolSearch =
  | { readonly ok: true; readonly command: Command }
  | { readonly ok: false; readonly reason: string; readonly hint: string };

const pips: readonly Command[] = [
  ['python3', '-m', 'pip'],
  ['python', '-m', 'pip'],
  ['py', '-3', '-m', 'pip'],
  ['pip3'],
  ['pip'],
  ['uvx', 'pip'],
];

const compilers: readonly Command[] = [['g++'], ['clang++'], ['c++']];

export async function findPip(signal?: AbortSignal): Promise<ToolSearch> {
  const named = process.env['UNROLL_PIP'];
  const found = await firstThatAnswers(named === undefined ? pips : [asCommand(named)], signal);
  if (found !== null) return { ok: true, command: found };
  const hint =
    process.platform === 'linux'
      ? 'Install Python with pip (Debian and Ubuntu: apt install python3-pip), then try again.'
      : 'Install Python 3, then try again.';
  return { ok: false, reason: 'Python with pip, which downloads TensorFlow, was not found.', hint };
}

export async function findCompiler(signal?: AbortSignal): Promise<ToolSearch> {
  const named = process.env['CXX'];
  const found = await firstThatAnswers(named === undefined ? compilers : [asCommand(named), ...compilers], signal);
  if (found !== null) return { ok: true, command: found };
  const hint =
    process.platform === 'darwin'
      ? 'Install the command line tools (xcode-select --install), then try again.'
      : 'Install a C++ compiler (Debian and Ubuntu: apt install g++), then try again.';
  return { ok: false, reason: 'A C++ compiler (g++ or clang++), which builds the binding, was not found.', hint };
}

async function firstThatAnswers(commands: readonly Command[], signal?: AbortSignal): Promise<Command | null> {
  for (const command of commands) {
    const [program, ...args] = command;
    const { ok } = await runCommand(program, [...args, '--version'], signal === undefined ? {} : { signal });
    if (ok) return command;
  }
  return null;
}

function asCommand(text: string): Command {
  const [program = '', ...args] = text.trim().split(/\s+/);
  return [program, ...args];
}
