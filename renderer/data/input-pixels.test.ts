import { describe, expect, it } from 'vitest';
import { describeView, linePaths, mapRaster, pictureRasters } from './input-pixels.ts';

const bytes = (...values: number[]): string => btoa(String.fromCharCode(...values));

describe('pixels of an input', () => {
  it('gives each picture its pixels, grey ones in three equal parts', () => {
    const colour = { kind: 'pictures', count: 2, height: 1, width: 1, channels: 3, bytes: bytes(1, 2, 3, 4, 5, 6) } as const;
    expect(pictureRasters(colour).map(({ rgba }) => [...rgba])).toEqual([
      [1, 2, 3, 255],
      [4, 5, 6, 255],
    ]);
    const grey = { kind: 'pictures', count: 1, height: 1, width: 2, channels: 1, bytes: bytes(0, 9) } as const;
    expect([...(pictureRasters(grey)[0]?.rgba ?? [])]).toEqual([0, 0, 0, 255, 9, 9, 9, 255]);
  });

  it('draws time to the right and the first number at the bottom', () => {
    const map = { kind: 'map', steps: 2, features: 2, bytes: bytes(255, 0, 0, 0) } as const;
    const { width, height, rgba } = mapRaster(map);
    expect([width, height]).toEqual([2, 2]);
    const brightness = [0, 1, 2, 3].map((pixel) => (rgba[pixel * 4] ?? 0) + (rgba[pixel * 4 + 1] ?? 0));
    expect(brightness.indexOf(Math.max(...brightness))).toBe(2);
  });

  it('draws few numbers as one line each', () => {
    const lines = { kind: 'lines', steps: 2, features: 2, bytes: bytes(0, 255, 255, 0) } as const;
    expect(linePaths(lines)).toEqual(['M0.00 100.0L100.00 0.0', 'M0.00 0.0L100.00 100.0']);
  });

  it('says what it is', () => {
    const video = { kind: 'pictures', count: 6, height: 8, width: 9, channels: 1, bytes: '' } as const;
    expect(describeView(video)).toBe('6 pictures of 9 × 8 pixels');
    expect(describeView({ ...video, count: 1 })).toBe('a picture of 9 × 8 pixels');
    expect(describeView({ kind: 'lines', steps: 36, features: 1, bytes: '' })).toBe('one number over 36 steps');
  });
});
