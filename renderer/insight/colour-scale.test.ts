import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { colourTable, oklab, placeOf, type Rgb, rgbOf, type ScaleColours } from './colour-scale.ts';

const theme = readFileSync(join(import.meta.dirname, '../ui/theme.css'), 'utf8');

function coloursOf(name: 'dark' | 'light'): ScaleColours {
  const rules = new RegExp(`data-theme="${name}"\\] \\{([^}]*)\\}`).exec(theme)?.[1] ?? '';
  const token = (token: string): Rgb => rgbOf(new RegExp(`${token}: (#\\w+);`).exec(rules)?.[1] ?? '');
  return {
    zero: token('--scale-zero'),
    positive: token('--scale-positive'),
    negative: token('--scale-negative'),
    none: token('--scale-none'),
    full: token('--scale-full'),
    broken: token('--bad'),
  };
}

const colourAt = (table: Uint8ClampedArray, place: number): Rgb => [
  table[4 * place] ?? 0,
  table[4 * place + 1] ?? 0,
  table[4 * place + 2] ?? 0,
];
const lightness = (colour: Rgb): number => oklab(colour)[0];

/** Severity 1 of Machado, Oliveira and Fernandes (2009), on linear light as good as on sRGB for large differences. */
const blindness = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
} as const;
const seen = (colour: Rgb, matrix: readonly (readonly [number, number, number])[]): Rgb => {
  const row = (r: number): number => {
    const [x = 0, y = 0, z = 0] = matrix[r] ?? [];
    return Math.min(255, Math.max(0, x * colour[0] + y * colour[1] + z * colour[2]));
  };
  return [row(0), row(1), row(2)];
};
const apart = (a: Rgb, b: Rgb): number => Math.hypot(...oklab(a).map((value, i) => value - (oklab(b)[i] ?? 0)));

describe.each(['dark', 'light'] as const)('the scales of the %s theme', (name) => {
  const colours = coloursOf(name);

  it('have their ends and zero where numbers say', () => {
    const signed = colourTable('signed', colours);
    const scale = { kind: 'signed', extent: 2 } as const;
    expect(colourAt(signed, placeOf(0, scale))).toEqual(colours.zero);
    expect(colourAt(signed, placeOf(2, scale))).toEqual(colours.positive);
    expect(colourAt(signed, placeOf(-2, scale))).toEqual(colours.negative);
    expect(colourAt(signed, placeOf(-700, scale))).toEqual(colours.negative);
    expect(colourAt(signed, placeOf(Number.NaN, scale))).toEqual(colours.broken);
    const share = colourTable('share', colours);
    expect(colourAt(share, placeOf(0, { kind: 'share', extent: 1 }))).toEqual(colours.none);
    expect(colourAt(share, placeOf(1, { kind: 'share', extent: 1 }))).toEqual(colours.full);
    expect(colourAt(share, placeOf(-3, { kind: 'share', extent: 1 }))).toEqual(colours.none);
  });

  it('grow evenly in lightness, away from the ground, so that they read without any hue', () => {
    const table = colourTable('share', colours);
    const steps = Array.from({ length: 254 }, (_, place) =>
      Math.abs(lightness(colourAt(table, place + 1)) - lightness(colours.none)),
    );
    for (const [place, step] of steps.entries())
      if (place > 0) expect(step).toBeGreaterThanOrEqual((steps[place - 1] ?? 0) - 2e-3);
    const whole = steps.at(-1) ?? 0;
    expect(whole).toBeGreaterThan(0.4);
    expect(steps[126]).toBeCloseTo(whole / 2, 1);
  });

  it('tell minus from plus to those who see no red or no green', () => {
    for (const matrix of Object.values(blindness)) {
      expect(apart(seen(colours.positive, matrix), seen(colours.negative, matrix))).toBeGreaterThan(0.15);
      expect(apart(seen(colours.positive, matrix), seen(colours.zero, matrix))).toBeGreaterThan(0.3);
      expect(apart(seen(colours.negative, matrix), seen(colours.zero, matrix))).toBeGreaterThan(0.3);
    }
  });
});
