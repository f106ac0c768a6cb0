/** What work took, ms: by the clock, and of all processors of this process, which other work on the machine does not make longer by waiting. */
export interface Took {
  readonly clock: number;
  readonly processor: number;
}

export async function took(work: () => Promise<unknown>): Promise<Took> {
  const processor = process.cpuUsage();
  const clock = performance.now();
  await work();
  const { user, system } = process.cpuUsage(processor);
  return { clock: performance.now() - clock, processor: (user + system) / 1000 };
}

export const sumOf = (all: readonly Took[], of: keyof Took): number => all.reduce((sum, one) => sum + one[of], 0);
