import { expect, it } from 'vitest';
import { colourTable, type NumberScale } from './colour-scale.ts';
import { heatMapSvg } from './heat-map-export.ts';

const colours = {
  zero: [0, 0, 0],
  positive: [255, 100, 0],
  negative: [0, 100, 255],
  none: [0, 0, 0],
  full: [0, 0, 200],
  broken: [255, 0, 0],
} as const;
const svg = (scale: NumberScale, names: readonly string[], label = 'f of Recurrent'): string =>
  heatMapSvg(
    { label, order: [1, 0], names, scale, quantity: 'f', rowLabel: (unit) => `unit ${unit}` },
    { width: names.length, height: 2, toDataURL: () => 'data:image/png;base64,' },
    colourTable(scale.kind, colours),
  ) ?? '';

const textsOf = (drawing: string): readonly string[] =>
  [...drawing.matchAll(/<text[^>]*>([^<]*)/g)].map(([, words = '']) => words);

it('tells which colour is which number, rounded as on the screen, from one end of the scale to the other', () => {
  const share = svg({ kind: 'share', extent: 0.050904840230941 }, ['a', 'b']);
  expect(textsOf(share)).toEqual(['f of Recurrent', 'unit 1', 'unit 0', 'a', 'b', '0', '0.051', 'f']);
  const stops = [...share.matchAll(/stop-color="rgb\(([\d,]+)\)/g)].map(([, rgb]) => rgb);
  expect([stops[0], stops.at(-1)]).toEqual(['0,0,0', '0,0,200']);
  const signed = svg({ kind: 'signed', extent: 2 }, ['a']);
  expect(textsOf(signed).slice(-4)).toEqual(['−2', '0', '2', 'f']);
  const ends = [...signed.matchAll(/stop-color="rgb\(([\d,]+)\)/g)].map(([, rgb]) => rgb);
  expect([ends[0], ends[8], ends[16]]).toEqual(['0,100,255', '0,0,0', '255,100,0']);
});

it('writes tokens beside each other where they have room, and upwards where not, and is never narrower than its title', () => {
  expect(svg({ kind: 'share', extent: 1 }, ['a', 'b'])).not.toContain('rotate');
  expect(svg({ kind: 'share', extent: 1 }, ['remembered', 'a'])).toContain('rotate(-90)');
  const title = 'Difference of the state h of the first layer of Bidirectional, forwards, units × steps';
  const width = Number(/width="(\d+)"/.exec(svg({ kind: 'share', extent: 1 }, ['a'], title))?.[1]);
  expect(width).toBeGreaterThan(7 * title.length);
});
