import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { program } from '../cli/built.test-support.ts';
import type { Reach } from './far-link.ts';

/** Another machine: the built program with a home of its own, reached by a pipe in the place of ssh. */
export interface FarProgram {
  readonly home: string;
  readonly reach: Reach;
  /** How often it was reached. */
  readonly reached: number;
  /** Ends the connection at once, as a network does that goes away. */
  cut(): void;
  /** Runs the program there, and gives what it printed as JSON. */
  ask(...args: string[]): Record<string, unknown>;
  end(): void;
}

export function farProgram(): FarProgram {
  const home = mkdtempSync(join(tmpdir(), 'unroll-far-'));
  mkdirSync(join(home, 'unroll'));
  const env = { ...process.env, UNROLL_HOME: join(home, 'unroll') };
  let pipe: ChildProcessByStdio<Writable, Readable, Readable> | null = null;
  let reached = 0;
  const ask = (...args: string[]): Record<string, unknown> => {
    const { stdout } = spawnSync(process.execPath, [program, ...args, '--json'], { env, encoding: 'utf8' });
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as Record<string, unknown>;
  };
  return {
    home: join(home, 'unroll'),
    get reached() {
      return reached;
    },
    reach: () => {
      reached++;
      pipe = spawn(process.execPath, [program, 'serve', '--stdio'], { env, stdio: ['pipe', 'pipe', 'pipe'] });
      return pipe;
    },
    cut: () => void pipe?.kill('SIGKILL'),
    ask,
    end() {
      ask('serve', '--stop');
      rmSync(home, { recursive: true, force: true });
    },
  };
}
