import { cpus, loadavg, release, totalmem, type } from 'node:os';
import type { Machine } from './results.ts';
import { threads } from './start-peers.ts';

/** What is known of this machine before anything is measured. */
export function thisMachine(): Omit<Machine, 'sgemm_gflops' | 'versions'> {
  const processors = cpus();
  return {
    processor: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    threads,
    memory_gb: Number((totalmem() / 2 ** 30).toFixed(1)),
    system: `${type()} ${release()}`,
    node: process.version,
    date: new Date().toISOString(),
    load_before: Number((loadavg()[0] ?? 0).toFixed(2)),
  };
}
