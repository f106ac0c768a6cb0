import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { importsOf, roomsOf, upwards } from './rooms.mjs';

const ladder = ['shapes', 'layers', 'data'];
const faults = (files) => upwards(ladder, new Map(Object.entries(files)));

it('finds each way to name another module', () => {
  const source = `import type { A } from './a.ts'; import b, { type C } from '../b.ts'; export * from './d.ts'; export { e } from './e.ts';
    const f = await import('./f.ts'); type G = import('./g.ts').G; import 'outside'; import './h.ts';`;
  expect(importsOf('x.ts', source).sort()).toEqual(['../b.ts', './a.ts', './d.ts', './e.ts', './f.ts', './g.ts', './h.ts']);
});

it('lets a room import what is below, and nothing above, types included', () => {
  const files = { 'shapes/width.ts': '', 'layers/lstm.ts': "import { W } from '../shapes/width.ts';" };
  expect(faults(files)).toEqual([]);
  expect(faults({ ...files, 'shapes/infer.ts': "import type { L } from '../layers/lstm.ts';" })).toEqual([
    'engine/shapes/infer.ts imports engine/layers/lstm.ts: layers is above shapes',
  ]);
});

it('asks for each room to be in the table, and takes tests for no part of one', () => {
  expect(faults({ 'attic/old.ts': '' })).toEqual(["engine/attic is not in README's table of rooms"]);
  const test = "import { d } from '../data/d.ts';";
  expect(faults({ 'data/d.ts': '', 'shapes/w.test.ts': test, 'shapes/w.test-support.tf.ts': test })).toEqual([]);
});

it('has files of no room below all, or above all where they import a room', () => {
  const files = { 'random.ts': '', 'main.ts': "import '../engine/data/d.ts'; import './data/d.ts';", 'data/d.ts': '' };
  expect(faults({ ...files, 'shapes/w.ts': "import '../random.ts';" })).toEqual([]);
  expect(faults({ ...files, 'shapes/w.ts': "import '../main.ts';" })).toHaveLength(1);
});

it('reads the ladder from the table of README', () => {
  const rooms = roomsOf(readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8'));
  expect(rooms.indexOf('shapes')).toBe(0);
  expect(rooms.indexOf('kernels')).toBeLessThan(rooms.indexOf('layers'));
  expect(rooms.indexOf('training')).toBeLessThan(rooms.indexOf('services'));
});
