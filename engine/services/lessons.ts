import { basename, resolve } from 'node:path';
import { lessons } from '../../templates/lessons/registry.ts';
import { findTemplate } from '../../templates/registry.ts';
import { type Lesson, lesson, lessonLimit } from '../document/lesson.ts';
import { parseDocument } from '../document/migrations.ts';
import type { UnrollDocument } from '../document/schema.ts';
import { describeFileError } from '../files/describe-file-error.ts';
import { readWholeFile } from '../files/open-file.ts';
import { UserError } from '../protocol/envelope.ts';
import type { Service } from './context.ts';
import { documentOrThrow } from './document-file.ts';
import { withWholePaths } from './document-paths.ts';

/** Lessons of the app, and those that a teacher wrote. */
export function lessonService(): Service<'lesson'> {
  return {
    'lesson.list': async () => ({
      lessons: lessons.map(({ name, title, teaches, minutes }) => ({ name, title, teaches, minutes })),
    }),
    'lesson.open': async (asked) => {
      if ('path' in asked) return readLessonFile(resolve(asked.path));
      const found = lessons.find(({ name }) => name === asked.name);
      if (found) return { lesson: found, document: startOf(found, found.name) };
      throw new UserError({
        code: 'lesson-unknown',
        message: `there is no lesson “${asked.name}”; there are ${lessons.map(({ name }) => name).join(', ')}`,
        hint: 'Choose one of these.',
      });
    },
  };
}

/** The document that a lesson starts from. @throws UserError where it cannot be read */
export function startOf({ start }: Lesson, name: string): UnrollDocument {
  if ('template' in start) return findTemplate(start.template).document();
  return documentOrThrow(parseDocument(start.document), name).document;
}

/**
 * A teacher's lesson; data of its document is looked for from the lesson's own folder.
 *
 * @throws UserError that says where the file is wrong
 */
async function readLessonFile(path: string): Promise<{ readonly lesson: Lesson; readonly document: UnrollDocument }> {
  const name = basename(path);
  const bytes = await readWholeFile(
    path,
    lessonLimit,
    (size) =>
      new UserError({
        code: 'lesson-too-large',
        message: `${name} has ${Math.ceil(size / 2 ** 20)} MiB; a lesson has at most ${lessonLimit / 2 ** 20} MiB.`,
        hint: 'Is it another file?',
      }),
  ).catch((error: unknown) => {
    throw describeFileError(error, path);
  });
  const read = parseLesson(new TextDecoder().decode(bytes), name);
  return { lesson: read, document: withWholePaths(startOf(read, name), path) };
}

/** @throws UserError that names the place in the file, e.g. `steps › 2 › until › kind` */
export function parseLesson(text: string, name: string): Lesson {
  const wrong = (message: string): UserError =>
    new UserError({
      code: 'lesson-invalid',
      message: `${name}: ${message}`,
      hint: 'docs/lessons.md says what a lesson holds.',
    });
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw wrong(`this is not JSON: ${error instanceof Error ? error.message : ''}`);
  }
  const result = lesson.safeParse(content);
  if (result.success) return result.data;
  const [first] = result.error.issues;
  throw wrong(
    `${first?.path.map((key) => (typeof key === 'number' ? key + 1 : String(key))).join(' › ') || 'the file'}: ${first?.message ?? ''}`,
  );
}
