import { z } from 'zod';
import { documentMethods } from './documents.ts';

const { key } = documentMethods['document.autosave'].params.shape;

/** What a window shows: the key of its autosaved copy, and the file of its document. */
const shown = z.strictObject({ key, path: z.string().max(4096).nullable() });
export type ShownDocument = z.infer<typeof shown>;

const others = z.strictObject({ others: z.array(shown) });

export const windowMethods = {
  /** Said by a window when it is connected, and whenever it shows another document. */
  'window.show': { params: shown, result: others },
  /** Has the window that shows the document of this key let it go. `copied`: what was not saved is in its autosaved copy now. */
  'window.takeOver': { params: z.strictObject({ key }), result: z.strictObject({ copied: z.boolean() }) },
  /** The answer of a window that was told `window.taken`. */
  'window.handOver': { params: z.strictObject({ copied: z.boolean() }), result: z.strictObject({}) },
} as const;

export const windowEvents = {
  /** The other windows have changed. To each window its own others. */
  'window.others': others,
  /** Another window takes the document over: to that window alone. */
  'window.taken': z.strictObject({ key }),
} as const;
