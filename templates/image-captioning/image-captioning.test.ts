import { expect, it } from 'vitest';
import type { RawExample } from '../../engine/data/raw-example.ts';
import { trainBriefly } from '../train-briefly.ts';
import { rows } from './data.ts';

it('says what it sees better than the most frequent caption does, after a short training', { timeout: 600_000 }, async () => {
  const { headline, report, best, goal } = await trainBriefly(
    'image-captioning',
    (document) => ({
      ...document,
      data: document.data && { ...document.data, limit: 2500 },
      training: { ...document.training, epochs: 2, batchSize: 8 },
    }),
    (baseline) => baseline * 0.9,
  );
  expect(headline).toMatchObject({ metric: 'token-error-rate', higherIsBetter: false });
  expect(report.facts.image).toEqual({ height: 24, width: 24, channels: 3 });
  expect(report.baseline.value).toBeCloseTo(headline.baseline, 6);
  expect(best).toBeLessThan(goal);
});

const all: RawExample[] = [];
for await (const row of rows()) all.push(row);

it('paints what the caption says: the colours that it names, the larger thing first', () => {
  let checked = 0;
  for (const { input, target } of all) {
    if (input.kind !== 'series' || target.kind !== 'sequence' || target.target.kind !== 'text')
      throw new Error('expected a picture');
    const [picture = []] = input.steps;
    expect(picture).toHaveLength(24 * 24 * 3);
    const caption =
      /^a (red|green|blue|yellow|white) (\w+) (above|below|left of|right of) a (red|green|blue|yellow|white) (\w+)$/.exec(
        target.target.text,
      );
    expect(caption, target.target.text).not.toBeNull();
    const [, first = '', firstShape, relation, second = '', secondShape] = caption ?? [];
    // Areas of different shapes cannot be compared, and equal colours cannot be told apart.
    if (firstShape !== secondShape || first === second) continue;
    const [a, b] = [places(picture, first), places(picture, second)];
    expect(a.count, target.target.text).toBeGreaterThan(b.count);
    const horizontal = relation === 'left of' || relation === 'right of';
    const offset = horizontal ? b.x - a.x : b.y - a.y;
    expect(relation === 'above' || relation === 'left of' ? offset : -offset, target.target.text).toBeGreaterThan(3);
    checked++;
  }
  expect(checked).toBeGreaterThan(500);
});

it('keeps two things in one split, whichever is larger', () => {
  const pairs = new Map<string, string | null>();
  for (const { target, group } of all) {
    if (target.kind !== 'sequence' || target.target.kind !== 'text') throw new Error('expected a caption');
    const things = target.target.text
      .split(/ (?:above|below|left of|right of) /)
      .sort()
      .join();
    expect(pairs.get(things) ?? group).toBe(group);
    pairs.set(things, group);
  }
  expect(pairs.size).toBeGreaterThan(150);
});

/** How many pixels have a colour, and their middle. */
function places(picture: readonly number[], colour: string): { count: number; x: number; y: number } {
  const is: Record<string, (r: number, g: number, b: number) => boolean> = {
    red: (r, g, b) => r > 0.65 && g < 0.4 && b < 0.4,
    green: (r, g, b) => g > 0.55 && r < 0.4 && b < 0.42,
    blue: (r, g, b) => b > 0.65 && r < 0.4 && g < 0.45,
    yellow: (r, g, b) => r > 0.7 && g > 0.65 && b < 0.4,
    white: (r, g, b) => r > 0.75 && g > 0.75 && b > 0.75,
  };
  let [count, x, y] = [0, 0, 0];
  for (let i = 0; i < 24 * 24; i++) {
    if (!is[colour]?.(picture[3 * i] ?? 0, picture[3 * i + 1] ?? 0, picture[3 * i + 2] ?? 0)) continue;
    count++;
    x += i % 24;
    y += Math.floor(i / 24);
  }
  return { count, x: x / count, y: y / count };
}
