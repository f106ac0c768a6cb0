import { describe, expect, it } from 'vitest';
import { closeUp, glance, viewOfSteps } from './input-view.ts';

const bytesOf = (view: ReturnType<typeof viewOfSteps>): number[] => [...Buffer.from(view?.bytes ?? '', 'base64')];

describe('views of numeric input', () => {
  it('keeps the pixels of a small picture', () => {
    const view = viewOfSteps([[0, 0.5, 1, 2]], { height: 2, width: 2, channels: 1 }, closeUp);
    expect(view).toMatchObject({ kind: 'pictures', count: 1, height: 2, width: 2, channels: 1 });
    expect(bytesOf(view)).toEqual([0, 128, 255, 255]);
  });

  it('makes a large picture smaller by means, each colour alone', () => {
    // 96 × 48 pixels: twice what a glance has; left half red, right half green.
    const pixels = Array.from({ length: 48 * 96 }, (_unused, i) => (i % 96 < 48 ? [1, 0, 0] : [0, 1, 0])).flat();
    const view = viewOfSteps([pixels], { height: 48, width: 96, channels: 3 }, glance);
    expect(view).toMatchObject({ height: 24, width: 48, channels: 3 });
    expect(bytesOf(view).slice(0, 3)).toEqual([255, 0, 0]);
    expect(bytesOf(view).slice(-3)).toEqual([0, 255, 0]);
  });

  it('takes pictures of a video from its beginning to its end', () => {
    const frames = Array.from({ length: 11 }, (_unused, i) => [i / 255]);
    expect(bytesOf(viewOfSteps(frames, { height: 1, width: 1, channels: 1 }, glance))).toEqual([0, 2, 4, 6, 8, 10]);
  });

  it('gives each of a few numbers over time a scale of its own', () => {
    const view = viewOfSteps(
      [
        [0, 100, 7],
        [1, 300, 7],
      ],
      undefined,
      glance,
    );
    expect(view).toMatchObject({ kind: 'lines', steps: 2, features: 3 });
    expect(bytesOf(view)).toEqual([0, 0, 128, 255, 255, 128]);
  });

  it('draws many numbers over time as one map, long ones shortened by means', () => {
    const steps = Array.from({ length: 1200 }, (_unused, t) => Array.from({ length: 5 }, (_none, f) => t + f));
    const view = viewOfSteps(steps, undefined, closeUp);
    expect(view).toMatchObject({ kind: 'map', steps: 600, features: 5 });
    expect(bytesOf(view)[0]).toBe(0);
    expect(bytesOf(view).at(-1)).toBe(255);
  });

  it('has nothing of an empty input', () => {
    expect(viewOfSteps([], undefined, glance)).toBeNull();
  });
});
