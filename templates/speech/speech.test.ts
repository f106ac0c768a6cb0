import { describe, expect, it } from 'vitest';
import { Random } from '../../engine/random.ts';
import { findTemplate } from '../registry.ts';
import { trainBriefly } from '../train-briefly.ts';
import { hearing, rows } from './data.ts';
import { speak } from './synthesizer.ts';
import { voices } from './voices.ts';
import { words } from './words.ts';

it('understands voices that it never heard, after a short training', { timeout: 600_000 }, async () => {
  const { headline, report, best, goal } = await trainBriefly(
    'speech',
    (document) => ({
      ...document,
      training: { ...document.training, epochs: 3 },
    }),
    (baseline) => baseline + 0.3,
  );
  expect(headline).toMatchObject({ metric: 'accuracy', higherIsBetter: true });
  expect(report.facts).toMatchObject({ features: 24, classes: 10 });
  expect(headline.baseline).toBeLessThan(0.2);
  expect(best).toBeGreaterThan(goal);
});

it('hears as its document says', () => {
  expect(findTemplate('speech').document().data?.media).toEqual(hearing);
});

it('has every digit from every voice', { timeout: 600_000 }, async () => {
  const spoken = new Map<string | null, string[]>();
  for await (const { input, target, group } of rows()) {
    if (input.kind !== 'series' || target.kind !== 'class') throw new Error('expected frames with a class');
    expect(input.steps.length).toBeGreaterThan(20);
    spoken.set(group, [...(spoken.get(group) ?? []), target.label]);
  }
  expect(spoken.size).toBe(24);
  for (const labels of spoken.values()) expect(new Set(labels).size).toBe(10);
});

describe('the synthesizer', () => {
  const [voice] = voices(new Random(1, 'test'), 1, 6);
  if (!voice) throw new Error('expected a voice');
  const plain = { pitch: 1, pace: 1, noise: 0, pauses: [0, 0] } as const;
  const sampleRate = 8000;

  /** Power at one frequency. */
  const power = (samples: Float32Array, hertz: number): number => {
    const at = (wave: (x: number) => number): number =>
      samples.reduce((sum, value, i) => sum + value * wave((2 * Math.PI * hertz * i) / sampleRate), 0);
    return at(Math.cos) ** 2 + at(Math.sin) ** 2;
  };
  const band = (samples: Float32Array, from: number, to: number): number => {
    let sum = 0;
    for (let hertz = from; hertz < to; hertz += 10) sum += power(samples, hertz);
    return sum;
  };

  it('puts the energy of a vowel where its resonances are, and of a hiss high up', () => {
    const vowel = (formants: [number, number, number]) =>
      speak(
        new Random(2),
        [{ from: formants, to: formants, voicing: 1, loudness: 1, milliseconds: 300 }],
        { ...voice, formants: 1, accent: [1] },
        plain,
        sampleRate,
      );
    const [ee, ah] = [vowel([270, 2290, 3010]), vowel([730, 1090, 2440])];
    expect(band(ee, 2000, 2600) / band(ee, 800, 1400)).toBeGreaterThan(2 * (band(ah, 2000, 2600) / band(ah, 800, 1400)));
    const six = speak(new Random(2), words['six']?.slice(0, 1) ?? [], voice, plain, sampleRate);
    expect(band(six, 2800, 3900)).toBeGreaterThan(3 * band(six, 100, 1200));
  });

  it('speaks as long as it should, with pauses before and after', () => {
    const one = speak(new Random(2), words['one'] ?? [], { ...voice, pace: 1 }, { ...plain, pauses: [0.1, 0.2] }, sampleRate);
    expect(one.length / sampleRate).toBeCloseTo(0.29 + 0.3, 2);
    expect(one.slice(0, 800).every((sample) => sample === 0)).toBe(true);
    expect(one.some((sample) => Math.abs(sample) > 0.05)).toBe(true);
    expect(one.every(Number.isFinite)).toBe(true);
  });
});
