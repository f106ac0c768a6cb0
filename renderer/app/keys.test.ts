import { expect, test } from 'vitest';
import { type KeyPress, keyLabel, matches } from './keys.ts';

const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
});

test('mod is Ctrl, and ⌘ on a Mac', () => {
  expect(matches(press('s', { ctrlKey: true }), 'mod+s', false)).toBe(true);
  expect(matches(press('s', { metaKey: true }), 'mod+s', true)).toBe(true);
  expect(matches(press('s', { metaKey: true }), 'mod+s', false)).toBe(false);
  expect(matches(press('s'), 'mod+s', false)).toBe(false);
});

test('shift tells redo from undo, but not signs apart', () => {
  expect(matches(press('Z', { ctrlKey: true, shiftKey: true }), 'mod+z', false)).toBe(false);
  expect(matches(press('Z', { ctrlKey: true, shiftKey: true }), 'mod+shift+z', false)).toBe(true);
  expect(matches(press('?', { shiftKey: true }), '?', false)).toBe(true);
  expect(matches(press('+', { shiftKey: true }), '+', false)).toBe(true);
});

test('labels follow the platform', () => {
  expect(keyLabel('mod+shift+s', true)).toBe('⌘⇧S');
  expect(keyLabel('mod+shift+s', false)).toBe('Ctrl+Shift+S');
  expect(keyLabel('delete', false)).toBe('Del');
  expect(keyLabel('+', false)).toBe('+');
});

test('Option with a letter is that letter on a Mac, whatever sign it makes', () => {
  const option = (key: string, code: string) => ({ ...press(key, { altKey: true }), code });
  expect(matches(option('å', 'KeyA'), 'alt+a', true)).toBe(true);
  expect(matches(option('Dead', 'KeyN'), 'mod+alt+n', true)).toBe(false);
  expect(matches({ ...option('Dead', 'KeyN'), metaKey: true }, 'mod+alt+n', true)).toBe(true);
  expect(matches(option('å', 'KeyA'), 'alt+a', false)).toBe(false);
  expect(matches(option('a', 'KeyQ'), 'alt+a', false)).toBe(true);
});
