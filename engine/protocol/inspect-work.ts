import { z } from 'zod';

/** The caller's own name for something that may take long, to know its progress by and to cancel it. */
export const workId = z.string().min(1).max(80);

export const inspectWorkMethods = {
  /** Ends work inside a network before its time: its call answers what it has, or fails with `cancelled`. Nothing when there is none. */
  'inspect.cancel': { params: z.strictObject({ id: workId }), result: z.strictObject({}) },
} as const;

export const inspectWorkEvents = {
  /** How much is done, of what is known to be done; more may follow. At most ten messages a second, the first at once. */
  'inspect.progress': z.strictObject({ id: z.string(), done: z.number().int(), of: z.number().int() }),
} as const;
