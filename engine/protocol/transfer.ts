import { z } from 'zod';
import { byteWords } from './byte-words.ts';
import { exportFormat } from './export.ts';

/** Largest piece of a file in one message, before base64. */
export const pieceBytes = 1024 * 1024;

const base64 = z.string().max(Math.ceil(pieceBytes / 3) * 4);
const id = z.string().regex(/^[\w-]{1,64}$/);

/** What is sent to where data is read: the files that were chosen, or that a document names, with those that their rows name. */
export const sentSize = z.strictObject({
  files: z.number().int(),
  bytes: z.number(),
  /** Of them, those that rows name. */
  named: z.number().int(),
  /** Named by whole paths, which another machine has not: they are not sent. */
  whole: z.number().int(),
  /** Not there, or no pictures or recordings: their rows are left out here as there. */
  unusable: z.number().int(),
});
export type SentSize = z.infer<typeof sentSize>;

const counted = (count: number, one: string, more = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : more}`;

/** The same in words, a sentence each. */
export function sentWords({ files, bytes, named, whole, unusable }: SentSize): string[] {
  const own = counted(files - named, 'file');
  const along = named === 0 ? '' : ` and ${counted(named, 'picture or recording', 'pictures or recordings')} that rows name`;
  return [
    `${own}${along}: ${byteWords(bytes)}.`,
    ...(whole === 0
      ? []
      : [
          `${counted(whole, 'row names its file', 'rows name their files')} by a whole path, which is another machine’s own: not sent.`,
        ]),
    ...(unusable === 0 ? [] : [`${counted(unusable, 'name leads', 'names lead')} to no picture or recording: left out.`]),
  ];
}

/** Files that go between the engine here and the one on another machine. */
export const transferMethods = {
  /**
   * A file comes, into the folder of its batch. `path` says that the whole file is there already, from before; otherwise it is to be
   * written from its start.
   */
  'transfer.begin': {
    params: z.strictObject({
      batch: z.string().regex(/^[a-z0-9]{8,64}$/),
      /** Its place in that folder: plain names with `/` between, which lead nowhere else. */
      name: z
        .string()
        .max(1000)
        .regex(/^(?!\.)(?:(?!\.{1,2}(?:\/|$))[^/\\\0]{1,255}(?:\/(?!$)|$)){1,40}$/),
      bytes: z.number().int().min(0),
    }),
    result: z.strictObject({ id, path: z.string().nullable() }),
  },
  'transfer.write': { params: z.strictObject({ id, data: base64 }), result: z.strictObject({}) },
  /** The whole has been written. */
  'transfer.end': { params: z.strictObject({ id }), result: z.strictObject({ path: z.string() }) },
  'transfer.cancel': { params: z.strictObject({ id }), result: z.strictObject({}) },
  /** Which sent files the documents of another machine name. What they, and runs here, have not used for three months is removed. */
  'transfer.keep': {
    params: z.strictObject({ paths: z.array(z.string().max(4096)).max(10_000) }),
    result: z.strictObject({ removed: z.number().int() }),
  },
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
