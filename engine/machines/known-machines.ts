import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { readTextFile } from '../files/open-file.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import { machineHost } from '../protocol/machine.ts';

const most = 50;
const list = z.array(machineHost).max(most);

/** Machines that the windows were on, newest first; a missing or damaged list is an empty one. */
export async function usedMachines(file: string): Promise<string[]> {
  try {
    return list.safeParse(JSON.parse(await readTextFile(file))).data ?? [];
  } catch {
    return [];
  }
}

/** Puts a machine first; `false` takes it out. */
export async function rememberMachine(file: string, host: string, used = true): Promise<void> {
  const others = (await usedMachines(file)).filter((other) => other !== host);
  const hosts = used ? [host, ...others].slice(0, most) : others;
  await writeAtomically(file, `${JSON.stringify(hosts, null, 2)}\n`);
}

/** Names of the user's ssh configuration that stand for one machine each. */
export async function configuredMachines(file = join(homedir(), '.ssh', 'config')): Promise<string[]> {
  const text = await readTextFile(file).catch(() => '');
  return [...new Set(hostsOf(text))].slice(0, 200);
}

/** The `Host` entries of an ssh configuration, but for patterns. What it includes is not looked into. */
export function hostsOf(config: string): string[] {
  return [...config.matchAll(/^[ \t]*host[ \t]*[ \t=][ \t]*(.+)$/gim)]
    .flatMap(([, names = '']) =>
      names
        .replace(/[ \t]#.*$/, '')
        .trim()
        .split(/[ \t]+/),
    )
    .map((name) => name.replace(/^"(.*)"$/, '$1'))
    .filter((name) => !/[*?!]/.test(name) && machineHost.safeParse(name).success);
}
