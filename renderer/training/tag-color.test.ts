import { expect, it } from 'vitest';
import { isBackgroundTag, tagColor } from './tag-color.ts';

it('leaves the background uncoloured', () => {
  expect(['O', 'o', '0', 'none'].every(isBackgroundTag)).toBe(true);
  expect(tagColor('O')).toBeNull();
  expect(isBackgroundTag('ORG')).toBe(false);
});

it('gives an entity one colour, at its beginning and inside', () => {
  expect(tagColor('B-PER')).toBe(tagColor('I-PER'));
  expect(tagColor('1')).toBe('--good');
});
