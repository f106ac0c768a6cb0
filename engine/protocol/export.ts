import { z } from 'zod';

export const exportMethods = {
  'export.pytorch': {
    params: z.strictObject({ run: z.string(), directory: z.string().min(1).max(4096), overwrite: z.boolean().default(false) }),
    result: z.strictObject({
      directory: z.string(),
      files: z.array(z.strictObject({ name: z.string(), bytes: z.number().int() })),
    }),
  },
  /** The readable code alone, for a look before exporting; works on an untrained document with its data facts. */
  'export.preview': {
    params: z.strictObject({ run: z.string() }),
    result: z.strictObject({ files: z.array(z.strictObject({ name: z.string(), text: z.string() })) }),
  },
} as const;
