import { z } from 'zod';
import { unrollDocument } from '../document/schema.ts';
import { families } from '../shapes/family.ts';

export const fileEntry = z.strictObject({
  name: z.string(),
  path: z.string(),
  kind: z.enum(['directory', 'file']),
  bytes: z.number().int(),
  /** ms since epoch */
  modified: z.number(),
});
export type FileEntry = z.infer<typeof fileEntry>;

export const templateInfo = z.strictObject({
  name: z.string(),
  title: z.string(),
  summary: z.string(),
  /** The lectures' five: one-to-one, one-to-many, many-to-one, many-to-many-in-step, many-to-many-out-of-step. */
  structure: z.enum(['one-to-one', 'one-to-many', 'many-to-one', 'many-to-many-in-step', 'many-to-many-out-of-step']),
  task: z.string(),
  /** What the reader can expect, with the baseline beside it. */
  expected: z.string(),
  /** What is learned from it, in one sentence. */
  teaches: z.string(),
  /** Processor time of a whole training on two threads, data included, as its README tells. */
  seconds: z.number(),
});
export type TemplateInfo = z.infer<typeof templateInfo>;

/** A template as the gallery shows it. */
export const templateEntry = z.strictObject({
  ...templateInfo.shape,
  /** Its layers in short, e.g. `BiGRU 48`. */
  model: z.string(),
  /** Its graph in small: nodes with their family, wires between them by their place in `nodes`. */
  graph: z.strictObject({
    nodes: z.array(z.strictObject({ x: z.number(), y: z.number(), family: z.enum(families) })),
    wires: z.array(z.tuple([z.number().int(), z.number().int()])),
  }),
});
export type TemplateEntry = z.infer<typeof templateEntry>;

/** Tells one content of a file from the next; opaque. */
const revision = z.string().max(100);

const opened = z.strictObject({
  document: unrollDocument,
  path: z.string().nullable(),
  /** Of the file, for `document.save`; `null` where it is in none. */
  revision: revision.nullable(),
  /** Set when an older file was migrated. */
  migratedFrom: z.number().int().nullable(),
  /** What means something else than it did in the older file. */
  notes: z.array(z.string()),
});

export const documentMethods = {
  'files.list': {
    params: z.strictObject({
      directory: z.string().max(4096),
      /** Of the window's own machine, also while its runs and data are on another. */
      here: z.boolean().optional(),
    }),
    result: z.strictObject({ directory: z.string(), parent: z.string().nullable(), entries: z.array(fileEntry) }),
  },
  'document.open': { params: z.strictObject({ path: z.string().max(4096) }), result: opened },
  'document.save': {
    params: z.strictObject({
      path: z.string().max(4096),
      document: unrollDocument,
      /** The person wants the document that is there already to be replaced; what is no document never is. */
      replace: z.boolean().default(false),
      /** What the file was when it was opened: refused with `changed-on-disk` where it is another one now. Absent: overwrites. */
      revision: revision.optional(),
    }),
    result: z.strictObject({ path: z.string(), revision }),
  },
  'document.recent': { params: z.strictObject({}), result: z.strictObject({ paths: z.array(z.string()) }) },
  /** Written a moment after each edit; offered again after a crash. */
  'document.autosave': {
    params: z.strictObject({
      key: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
      path: z.string().nullable(),
      document: unrollDocument,
    }),
    result: z.strictObject({}),
  },
  'document.recoverable': {
    params: z.strictObject({}),
    result: z.strictObject({
      items: z.array(z.strictObject({ key: z.string(), path: z.string().nullable(), name: z.string(), modified: z.number() })),
    }),
  },
  'document.recover': { params: z.strictObject({ key: z.string() }), result: opened },
  /** Puts a copy into the trash, out of which `document.restore` takes it. */
  'document.discard': { params: z.strictObject({ key: z.string() }), result: z.strictObject({}) },
  'document.restore': { params: z.strictObject({ key: z.string() }), result: z.strictObject({}) },
  'template.list': { params: z.strictObject({}), result: z.strictObject({ templates: z.array(templateEntry) }) },
  'template.open': {
    params: z.strictObject({ name: z.string() }),
    result: z.strictObject({ document: unrollDocument, readme: z.string() }),
  },
} as const;
