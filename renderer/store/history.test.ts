import { expect, test } from 'vitest';
import { emptyHistory, type History, record, redo, undo } from './history.ts';

const start: History<string> = emptyHistory;

test('undo and redo walk through the same states', () => {
  const history = record(record(start, 'a', null, 0), 'b', null, 1);
  const back = undo(history, 'c');
  expect(back?.present).toBe('b');
  const further = back && undo(back.history, back.present);
  expect(further?.present).toBe('a');
  expect(further && undo(further.history, further.present)).toBeNull();
  const forth = further && redo(further.history, further.present);
  expect(forth?.present).toBe('b');
  const end = forth && redo(forth.history, forth.present);
  expect(end?.present).toBe('c');
  expect(end?.history.past).toEqual(['a', 'b']);
});

test('the oldest steps are let go beyond 300', () => {
  let history: History<number> = emptyHistory;
  for (let n = 0; n < 310; n++) history = record(history, n, null, n);
  expect(history.past).toHaveLength(300);
  expect([history.past[0], history.past.at(-1)]).toEqual([10, 309]);
});

test('edits of one field in quick succession are one step; later ones are not', () => {
  const typed = record(record(record(start, '', 'name', 0), 'x', 'name', 400), 'xy', 'name', 900);
  expect(typed.past).toEqual(['']);
  expect(record(typed, 'xyz', 'name', 2100).past).toEqual(['', 'xyz']);
  expect(record(typed, 'xyz', 'name', 9000).past).toEqual(['', 'xyz']);
  expect(record(typed, 'xyz', 'other', 950).past).toEqual(['', 'xyz']);
});

test('a new edit drops what could be redone', () => {
  const back = undo(record(start, 'a', null, 0), 'b');
  expect(back && record(back.history, back.present, null, 5).future).toEqual([]);
});

test('an undo ends a run of coalesced edits', () => {
  const back = undo(record(start, 'a', 'k', 0), 'b');
  expect(back && record(back.history, back.present, 'k', 1).past).toEqual(['a']);
});
