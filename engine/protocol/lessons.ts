import { z } from 'zod';
import { lesson } from '../document/lesson.ts';
import { unrollDocument } from '../document/schema.ts';

/** A lesson as the gallery shows it. */
export const lessonEntry = lesson.pick({ name: true, title: true, teaches: true, minutes: true });

export const lessonMethods = {
  /** Those that came with the app, in the order in which they build on each other. */
  'lesson.list': { params: z.strictObject({}), result: z.strictObject({ lessons: z.array(lessonEntry) }) },
  /** One that came with the app, by its name, or a teacher's, by its file; with the document that it starts from. */
  'lesson.open': {
    params: z.union([z.strictObject({ name: z.string().max(64) }), z.strictObject({ path: z.string().max(4096) })]),
    result: z.strictObject({ lesson, document: unrollDocument }),
  },
} as const;
