import type { z } from 'zod';

/** What this browser keeps under a name from one start to the next; `otherwise` where there is none yet, or one of another version. */
export function kept<T>(place: string, schema: z.ZodType<T>, otherwise: T): T {
  try {
    return schema.parse(JSON.parse(localStorage.getItem(place) ?? ''));
  } catch {
    return otherwise;
  }
}
