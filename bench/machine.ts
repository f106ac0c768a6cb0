import { cpus, release, totalmem, type } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { Machine } from './results.ts';
import { threads } from './start-peers.ts';

/** What is known of this machine before anything is measured. */
export function thisMachine(): Omit<Machine, 'sgemm_gflops' | 'versions' | 'other_work'> {
  const processors = cpus();
  return {
    processor: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    threads,
    memory_gb: Number((totalmem() / 2 ** 30).toFixed(1)),
    system: `${type()} ${release()}`,
    node: process.version,
    date: new Date().toISOString(),
  };
}

/** Share of the cores that is at work over two seconds in which the benchmark waits: other work, 0 to 1. */
export async function otherWork(): Promise<number> {
  const before = coreTimes();
  await pause(2000);
  const after = coreTimes();
  const all = after.all - before.all;
  return all > 0 ? Number((1 - (after.idle - before.idle) / all).toFixed(3)) : 0;
}

function coreTimes(): { readonly idle: number; readonly all: number } {
  const times = cpus().map((core) => core.times);
  const idle = times.reduce((sum, time) => sum + time.idle, 0);
  return { idle, all: times.reduce((sum, { user, nice, sys, irq }) => sum + user + nice + sys + irq, idle) };
}
