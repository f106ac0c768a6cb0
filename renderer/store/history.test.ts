import { expect, test } from 'vitest';
import { emptyHistory, type History, record, redo, undo, withStepEnded } from './history.ts';

const start: History<string> = emptyHistory;

test('undo and redo walk through the same states', () => {
  const history = record(record(start, 'a', null), 'b', null);
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
  for (let n = 0; n < 310; n++) history = record(history, n, null);
  expect(history.past).toHaveLength(300);
  expect([history.past[0], history.past.at(-1)]).toEqual([10, 309]);
});

test('edits of one field are one step until another is edited, or the step is ended', () => {
  const typed = record(record(record(start, '', 'name'), 'x', 'name'), 'xy', 'name');
  expect(typed.past).toEqual(['']);
  expect(record(typed, 'xyz', 'other').past).toEqual(['', 'xyz']);
  expect(record(record(typed, 'xyz', 'other'), 'xyz!', 'name').past).toEqual(['', 'xyz', 'xyz!']);
  expect(record(withStepEnded(typed), 'xyz', 'name').past).toEqual(['', 'xyz']);
  expect(record(record(start, '', null), 'x', null).past).toEqual(['', 'x']);
});

test('a new edit drops what could be redone', () => {
  const back = undo(record(start, 'a', null), 'b');
  expect(back && record(back.history, back.present, null).future).toEqual([]);
});

test('an undo ends a run of coalesced edits', () => {
  const back = undo(record(start, 'a', 'k'), 'b');
  expect(back && record(back.history, back.present, 'k').past).toEqual(['a']);
});
