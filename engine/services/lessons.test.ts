import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lessons } from '../../templates/lessons/registry.ts';
import { readerSettings } from '../document/data-binding.ts';
import type { LessonCondition, SimpleCondition } from '../document/lesson.ts';
import { findLayer } from '../layers/registry.ts';
import { lessonService, parseLesson, startOf } from './lessons.ts';

const service = lessonService();
const [first] = lessons;
if (!first) throw new Error('no lesson');

const simple = (condition: LessonCondition | undefined): readonly SimpleCondition[] =>
  condition === undefined ? [] : condition.kind === 'all' ? condition.of : [condition];

describe.each(lessons)('lesson $name', (lesson) => {
  const { steps, question } = lesson;
  const conditions = [...steps.map(({ until }) => until), question.experiment].flatMap(simple);

  it('starts from a document that can be read', () => {
    expect(startOf(lesson, lesson.name).nodes.length).toBeGreaterThan(0);
  });

  it('names layers and settings that there are', () => {
    const points = steps.flatMap(({ point }) =>
      point === undefined || 'part' in point ? [] : 'node' in point ? [point.node] : [point.from, point.to],
    );
    const wires = conditions.flatMap((one) => (one.kind === 'wire' ? [one.from, one.to] : []));
    for (const kind of [...points, ...wires]) expect(findLayer(kind), kind).toBeDefined();
    for (const one of conditions) {
      if (one.kind !== 'node' && one.kind !== 'run') continue;
      if (one.layer === undefined) {
        expect(one.with).toEqual({});
        continue;
      }
      const shape = findLayer(one.layer)?.config.shape;
      for (const [name, value] of Object.entries(one.with)) {
        expect(shape?.[name]?.safeParse(value).success, `${one.layer}.${name} = ${String(value)}`).toBe(true);
      }
    }
  });

  it('points first at what its document has', () => {
    const kinds = new Set(startOf(lesson, lesson.name).nodes.map(({ kind }) => kind));
    const point = steps.find((step) => step.point && 'node' in step.point)?.point;
    if (point && 'node' in point) expect(kinds).toContain(point.node);
  });

  it('lets an answer count only after something was tried', () => {
    expect(simple(question.experiment).some(({ kind }) => kind === 'run' || kind === 'node' || kind === 'view')).toBe(true);
    expect(question.answers.filter(({ right }) => right)).toHaveLength(1);
  });
});

it('each lesson has a name of its own', () => {
  expect(new Set(lessons.map(({ name }) => name)).size).toBe(lessons.length);
});

it('lists them in their order, and opens one by its name', async () => {
  const { lessons: listed } = await service['lesson.list']({});
  expect(listed.map(({ name }) => name)).toEqual(lessons.map(({ name }) => name));
  const { lesson, document } = await service['lesson.open']({ name: first.name });
  expect(lesson.title).toBe(first.title);
  expect(document).toEqual(startOf(first, first.name));
  await expect(service['lesson.open']({ name: 'no-such' })).rejects.toMatchObject({ failure: { code: 'lesson-unknown' } });
});

describe('a teacher’s lesson', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'unroll-lesson-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const inFile = async (content: string): Promise<string> => {
    const path = join(folder, 'mine.lesson.json');
    await writeFile(path, content);
    return path;
  };

  it('is opened from its file, its document in it, with paths from its own folder', async () => {
    const { document } = await service['lesson.open']({ name: first.name });
    const own = {
      ...document,
      data: {
        ...document.data,
        source: { kind: 'file', path: 'words.csv', reader: readerSettings.parse({ format: 'delimited' }) },
      },
    };
    const opened = await service['lesson.open']({
      path: await inFile(JSON.stringify({ ...first, name: 'mine', start: { document: own } })),
    });
    expect(opened.lesson.name).toBe('mine');
    expect(opened.document.data?.source).toMatchObject({ kind: 'file', path: join(folder, 'words.csv') });
  });

  it.each([
    ['no JSON', '{', /mine\.lesson\.json: this is not JSON/],
    ['another format', JSON.stringify({ ...first, format: 'unroll' }), /format/],
    [
      'a condition that there is not',
      JSON.stringify({ ...first, steps: [{ title: 'a', text: 'b', until: { kind: 'luck' } }] }),
      /steps › 1 › until/,
    ],
    [
      'two right answers',
      JSON.stringify({
        ...first,
        question: { ...first.question, answers: first.question.answers.map((one) => ({ ...one, right: true })) },
      }),
      /question › answers: exactly one answer is right/,
    ],
    [
      'a document of a later version',
      JSON.stringify({ ...first, start: { document: { format: 'unroll', version: 99 } } }),
      /saved by a newer Unroll/,
    ],
    ['a template that there is not', JSON.stringify({ ...first, start: { template: 'no-such' } }), /no-such/],
  ])('is refused with the place: %s', async (_, content, message) => {
    await expect(service['lesson.open']({ path: await inFile(content) })).rejects.toThrow(message);
  });

  it('is refused where it is too large or not there', async () => {
    const large = await inFile(`"${'x'.repeat(4 * 1024 * 1024)}"`);
    await expect(service['lesson.open']({ path: large })).rejects.toMatchObject({ failure: { code: 'lesson-too-large' } });
    await expect(service['lesson.open']({ path: join(folder, 'none.lesson.json') })).rejects.toMatchObject({
      failure: { code: 'file-not-found' },
    });
  });

  it('is not parsed into code or foreign fields', () => {
    expect(() => parseLesson(JSON.stringify({ ...first, script: 'alert(1)' }), 'x')).toThrow(/script/);
  });
});
