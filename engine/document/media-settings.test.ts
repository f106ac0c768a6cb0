import { expect, it } from 'vitest';
import { mediaKindOf } from './media-settings.ts';

it.each([
  [['a.wav', 'b/c.WAV', ''], 'audio'],
  [['a.png', 'b.jpeg', 'c.JPG'], 'image'],
  [['a.png; b.png', 'c.png'], 'frames'],
  [['a.png', 'b.wav'], 'none'],
  [['a sentence that names a.png', 'another'], 'none'],
  [['', ' '], 'none'],
  [[' a.wav '], 'audio'],
  [['a.png ; b.jpg '], 'frames'],
  [['a.png; b.txt'], 'none'],
  [['a.png.txt'], 'none'],
  [['a.wav.txt'], 'none'],
] as const)('takes %j for %s', (cells, kind) => {
  expect(mediaKindOf(cells)).toBe(kind);
});
