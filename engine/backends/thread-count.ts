import { availableParallelism } from 'node:os';

/** Threads that a backend of this process computes on: `UNROLL_THREADS`, or one a core. */
export function threadCount(): number {
  const cores = availableParallelism();
  const wanted = Number(process.env['TF_NUM_INTRAOP_THREADS'] ?? process.env['UNROLL_THREADS'] ?? cores);
  return Number.isInteger(wanted) && wanted > 0 ? wanted : cores;
}
