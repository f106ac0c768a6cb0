import { z } from 'zod';

/** Something the user should know, on the node (and wire) it belongs to. Errors keep the graph from training. */
export const problem = z.strictObject({
  severity: z.enum(['error', 'warning']),
  node: z.string().nullable(),
  edge: z.string().nullable(),
  message: z.string(),
  fix: z.string(),
});
export type Problem = Readonly<z.infer<typeof problem>>;
