import { z } from 'zod';

/** Something the user should know, on the node (and wire) it belongs to. Errors keep the graph from training. */
export const problem = z.strictObject({
  severity: z.enum(['error', 'warning']),
  node: z.string().nullable(),
  edge: z.string().nullable(),
  message: z.string(),
  fix: z.string(),
  /** Where it is inside of the placed block `node`: by which blocks in it (`node` first), and on which node and wire there. */
  inside: z.strictObject({ path: z.array(z.string()), node: z.string(), edge: z.string().nullable() }).optional(),
});
export type Problem = Readonly<z.infer<typeof problem>>;
