import { z } from 'zod';
import { dateOrder, readerSettings } from '../document/data-binding.ts';
import { validationWords } from '../document/split-names.ts';

const { format, encoding, delimiter, header, headerRows, skipLines, comment, rowEnd, quotes, trim, missing } =
  readerSettings.shape;

/** How a file was read, all that was found out included: whoever has this reads the same rows and numbers from it again. */
export const reading = z.strictObject({
  format,
  encoding: encoding.unwrap().unwrap(),
  delimiter: delimiter.unwrap().unwrap(),
  header: header.unwrap().unwrap(),
  headerRows: headerRows.unwrap().default(1),
  skipLines: skipLines.unwrap().unwrap(),
  comment: comment.unwrap().unwrap(),
  rowEnd: rowEnd.unwrap().default(''),
  quotes: quotes.unwrap().unwrap(),
  trim: trim.unwrap().unwrap(),
  missing: missing.unwrap(),
  /** Ending of the file's name, with its dot; of a packed one that of what is in it. */
  suffix: z.string(),
  /** Names of all columns, in order. */
  columns: z.array(z.string()),
  /** The columns that are read, found by a look at the file where the data names none; `null` in runs from before. */
  mapping: z
    .strictObject({ input: z.array(z.string()), target: z.array(z.string()) })
    .nullable()
    .default(null),
  /** Ways to the columns of JSON by name; `null` for other formats. */
  paths: z.record(z.string(), z.array(z.union([z.string(), z.number(), z.null()]))).nullable(),
  /** Signs in the numbers of the input and target columns. */
  numbers: z.record(z.string(), z.strictObject({ decimal: z.enum(['.', ',']), thousands: z.enum(['', ',', '.', ' ', "'"]) })),
  /** Column that tells the sentences of one token a row apart. */
  sentence: z.string().nullable().default(null),
  /** Column that tells groups apart. */
  group: z.string().nullable(),
  /** Column that names the split of each row, and the words in it for the training split and for the others, some for validation. */
  split: z
    .strictObject({
      column: z.string(),
      train: z.array(z.string()),
      validation: z.array(z.string()).default(() => [...validationWords]),
      others: z.array(z.string()),
    })
    .nullable()
    .default(null),
  /** Column of the dates that sort a series, and of the times of day beside it; or the columns of a date's parts, from the year on. */
  time: z
    .strictObject({
      column: z.string(),
      clock: z.string().nullable(),
      order: dateOrder,
      parts: z.array(z.string()).readonly().optional(),
    })
    .nullable(),
});

export type Reading = z.infer<typeof reading>;
