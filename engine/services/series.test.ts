import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { findHome } from '../home.ts';
import { newTestRecord } from '../manage/new-test-record.test-support.ts';
import { syntheticTask } from '../training/synthetic-task.test-support.ts';
import { seriesService } from './series.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'unroll-series-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const start = () => {
  const emit = vi.fn();
  return { ...seriesService({ home: findHome({ UNROLL_HOME: root }), emit }), emit };
};
const window = () => vi.fn();
const series = { first: newTestRecord(syntheticTask('sequence-classification'), 'first').summary, seeds: [8, 9], runs: ['a'] };

it('is kept through an end of the app, and found by the next window', async () => {
  const mine = window();
  const { handlers } = start();
  expect(await handlers['series.take']({}, mine)).toEqual({ series: null });
  expect(await handlers['series.keep']({ series }, mine)).toEqual({ held: true });
  const again = start().handlers;
  expect(await again['series.take']({}, window())).toEqual({ series });
});

it('is one window’s, and another’s once that has gone', async () => {
  const [one, other] = [window(), window()];
  const { handlers, left, emit } = start();
  await handlers['series.keep']({ series }, one);
  expect(await handlers['series.take']({}, other)).toEqual({ series: null });
  expect(await handlers['series.keep']({ series: null }, other)).toEqual({ held: false });
  left(other);
  expect(emit).not.toHaveBeenCalled();
  left(one);
  expect(emit).toHaveBeenCalledWith('series.free', {});
  expect(await handlers['series.take']({}, other)).toEqual({ series });
  expect(await handlers['series.keep']({ series: null }, other)).toEqual({ held: true });
  // What has ended is nobody’s.
  expect(await handlers['series.take']({}, one)).toEqual({ series: null });
  expect(await handlers['series.keep']({ series }, one)).toEqual({ held: true });
});

it('that cannot be read is none', async () => {
  writeFileSync(join(root, 'seeds.json'), '{"seeds":');
  expect(await start().handlers['series.take']({}, window())).toEqual({ series: null });
});
