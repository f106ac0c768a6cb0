import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { machineHost } from '../protocol/machine.ts';
import { hostsOf, rememberMachine, usedMachines } from './known-machines.ts';
import { inTerminal, sshArguments } from './ssh-command.ts';

describe('the name of a machine', () => {
  it.each(['gpu-box', 'gpu_1.lab', 'ada@gpu.example.org', 'ada.l+x@10.0.0.7:2222', '[::1]:22', '::1', 'fe80::1'])(
    '%s is one',
    (host) => expect(machineHost.safeParse(host).success).toBe(true),
  );

  it.each([
    '-oProxyCommand=touch /tmp/x',
    '-v',
    'ada@-oProxyCommand=x',
    '-l@gpu',
    'gpu box',
    'gpu;reboot',
    'gpu$(id)',
    'gpu`id`',
    "gpu'",
    'gpu|cat',
    'gpu\nHost evil',
    'gpu%h',
    'ssh://gpu',
    'a@b@c',
    'gpu:port',
    '',
    `${'g'.repeat(256)}`,
  ])('%j is none', (host) => expect(machineHost.safeParse(host).success).toBe(false));

  it('stands behind what ends ssh’s options, with its port before it, and before what runs there', () => {
    const args = sshArguments('ada@gpu:2222');
    const end = args.indexOf('--');
    expect(args.slice(end - 2, end + 2)).toEqual(['-p', '2222', '--', 'ada@gpu']);
    expect(args).toHaveLength(end + 3);
    expect(args.at(-1)).toContain('unroll serve --stdio');
    expect(args).toContain('BatchMode=yes');
    expect(sshArguments('[::1]:22').slice(-5, -1)).toEqual(['-p', '22', '--', '::1']);
    expect(sshArguments('fe80::1').slice(-3, -1)).toEqual(['--', 'fe80::1']);
    expect(inTerminal('ada@gpu:2222', 'true')).toBe('ssh -p 2222 ada@gpu true');
  });
});

describe('machines to choose from', () => {
  it('are those of ssh’s configuration that stand for one machine', () => {
    const config = `# Host commented
Host gpu-box lab-1   # two
  HostName 10.0.0.7
host = equals
HOST "quoted" -oEvil
Host *.example.org !not *
  User ada
Match host matched
`;
    expect(hostsOf(config)).toEqual(['gpu-box', 'lab-1', 'equals', 'quoted']);
  });

  it('and those used before, the last one first; a damaged list is none', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'unroll-machines-')), 'machines.json');
    expect(await usedMachines(file)).toEqual([]);
    for (const host of ['a', 'b', 'a', 'c']) await rememberMachine(file, host);
    expect(await usedMachines(file)).toEqual(['c', 'a', 'b']);
    await rememberMachine(file, 'a', false);
    expect(await usedMachines(file)).toEqual(['c', 'b']);
    writeFileSync(file, '["-oProxyCommand=x"]');
    expect(await usedMachines(file)).toEqual([]);
  });
});
