import { expect, it } from 'vitest';
import { filmSvg, filmTable, frameWords, type NamedFrame } from './film-export.ts';

const frame = (step: number, said: string, data: readonly number[], right: boolean | null = null): NamedFrame => ({
  stop: { step },
  words: `step ${step}`,
  step,
  answer: { said, probability: 0.25, truth: null, right },
  loss: step === 0 ? null : 0.5,
  matrix: { rows: 2, columns: 3, data: Float32Array.from(data) },
});
const frames = [frame(0, 'a<b', [1, 2, 3, 4, 5, 6]), frame(10, 'yes', [7, 8, 9, 10, 11, 12], true)];

it('has a row for each moment and unit, with its values by step', () => {
  expect(filmTable(frames, ['the', 'cat'], 'z')).toEqual({
    head: ['', 'training step', 'says', 'probability', 'loss', 'unit of z', '1 the', '2 cat'],
    rows: [
      ['step 0', 0, 'a<b', 0.25, '', 0, 1, 4],
      ['step 0', 0, 'a<b', 0.25, '', 1, 2, 5],
      ['step 0', 0, 'a<b', 0.25, '', 2, 3, 6],
      ['step 10', 10, 'yes', 0.25, 0.5, 0, 7, 10],
      ['step 10', 10, 'yes', 0.25, 0.5, 1, 8, 11],
      ['step 10', 10, 'yes', 0.25, 0.5, 2, 9, 12],
    ],
  });
});

it('is drawn with what was said at each moment above its map, and none over another', () => {
  const images = ['data:1', 'data:2'].map((address) => ({ toDataURL: () => address }));
  const table = new Uint8ClampedArray(4 * 256);
  const scale = { kind: 'share', extent: 1 } as const;
  const drawn = filmSvg('Film', frames, images, { names: ['the', 'cat'], scale, quantity: 'z', table });
  expect([...drawn.matchAll(/<text[^>]*>([^<]*)/g)].map(([, words]) => words)).toEqual([
    'Film',
    'step 0 → “a&lt;b” (25.0 %)',
    'step 10 → “yes” (25.0 %) ✓',
    'the',
    'cat',
    '0',
    '1',
    'z',
  ]);
  const maps = [...drawn.matchAll(/<image y="(\d+)" width="128" height="(\d+)"[^>]*href="([^"]+)"/g)];
  expect(maps.map(([, , , address]) => address)).toEqual(['data:1', 'data:2']);
  const [[, top, height] = [], [, next] = []] = maps;
  expect(Number(next)).toBeGreaterThan(Number(top) + Number(height) + 20);
});

it('marks what was wrong, and nothing where nobody knows', () => {
  expect(frameWords(frame(3, 'no', [], false))).toBe('step 3 → “no” (25.0 %) ✗');
  expect(frameWords(frame(3, 'no', []))).toBe('step 3 → “no” (25.0 %)');
});
