import { z } from 'zod';
import { exportFormat } from './export.ts';

/** Largest piece of a file in one message, before base64. */
export const pieceBytes = 1024 * 1024;

const base64 = z.string().max(Math.ceil(pieceBytes / 3) * 4);
const id = z.string().regex(/^[\w-]{1,64}$/);

/** Files that go between the engine here and the one on another machine. */
export const transferMethods = {
  /**
   * A file comes, into the folder of its batch. `path` says that the whole file is there already, from before; otherwise it is to be
   * written from its start.
   */
  'transfer.begin': {
    params: z.strictObject({
      batch: z.string().regex(/^[a-z0-9]{8,64}$/),
      /** A plain name. */
      name: z.string().regex(/^[^/\\\0.][^/\\\0]{0,199}$/),
      bytes: z.number().int().min(0),
    }),
    result: z.strictObject({ id, path: z.string().nullable() }),
  },
  'transfer.write': { params: z.strictObject({ id, data: base64 }), result: z.strictObject({}) },
  /** The whole has been written. */
  'transfer.end': { params: z.strictObject({ id }), result: z.strictObject({ path: z.string() }) },
  'transfer.cancel': { params: z.strictObject({ id }), result: z.strictObject({}) },
  /** Makes an export ready to be read, piece by piece; one at a time. */
  'transfer.export': {
    params: z.strictObject({ run: z.string(), format: exportFormat }),
    result: z.strictObject({ id, files: z.array(z.strictObject({ name: z.string(), bytes: z.number().int() })) }),
  },
  'transfer.read': {
    params: z.strictObject({ id, name: z.string().max(200), offset: z.number().int().min(0) }),
    result: z.strictObject({ data: base64 }),
  },
} as const;
