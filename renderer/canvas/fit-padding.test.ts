import { expect, it } from 'vitest';
import { fitPadding } from './fit-padding.ts';

const pane = { width: 890, height: 830 };

it('puts a wide graph below the overview, and a high one left of it', () => {
  expect(fitPadding(pane, { width: 2000, height: 300 }, 0)).toEqual({ top: 158, right: 48, bottom: 64, left: 48 });
  expect(fitPadding(pane, { width: 300, height: 2000 }, 0)).toEqual({ top: 48, right: 172, bottom: 64, left: 48 });
});

it('keeps what the training panel covers free, and goes beside the overview when little height is left', () => {
  expect(fitPadding(pane, { width: 700, height: 300 }, 100)).toMatchObject({ top: 158, bottom: 164 });
  expect(fitPadding(pane, { width: 700, height: 300 }, 400)).toEqual({ top: 48, right: 172, bottom: 464, left: 48 });
});

it('stays below where both show the graph as large', () => {
  expect(fitPadding(pane, { width: 100, height: 100 }, 0)).toMatchObject({ top: 158, right: 48 });
});
