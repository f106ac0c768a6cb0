import { useMemo } from 'react';
import { useUiStore } from '../store/ui-store.ts';
import { colourTable, type NumberScale, rgbOf } from './colour-scale.ts';

/** The theme's tables of colours. */
export type ColourTables = Readonly<Record<NumberScale['kind'], Uint8ClampedArray>>;

/** What is written and marked on a canvas, which takes no custom property. */
export interface FigureColours {
  readonly ink: string;
  readonly dim: string;
  readonly panel: string;
  readonly cursor: string;
  readonly pinned: string;
}

/** @param colour of a token of the theme */
export const figureColours = (colour: (token: string) => string): FigureColours => ({
  ink: colour('--ink'),
  dim: colour('--dim'),
  panel: colour('--panel'),
  cursor: colour('--accent'),
  pinned: colour('--state'),
});

/** A custom property of the page as it is now. */
export const tokenOf = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export const useColourTables = (): ColourTables => useOfTheme().tables;
export const useFigureColours = (): FigureColours => useOfTheme().figure;

interface OfTheme {
  readonly tables: ColourTables;
  readonly figure: FigureColours;
}

function useOfTheme(): OfTheme {
  const dark = useUiStore((s) => s.dark);
  return useMemo(() => ofTheme(dark), [dark]);
}

/** By theme: reading a custom property lays the page out. */
const known = new Map<boolean, OfTheme>();

function ofTheme(dark: boolean): OfTheme {
  const made = known.get(dark);
  if (made) return made;
  const colour = (name: string) => rgbOf(tokenOf(name));
  const colours = {
    zero: colour('--scale-zero'),
    positive: colour('--scale-positive'),
    negative: colour('--scale-negative'),
    none: colour('--scale-none'),
    full: colour('--scale-full'),
    broken: colour('--bad'),
  };
  const tables = { signed: colourTable('signed', colours), share: colourTable('share', colours) };
  const figure = figureColours(tokenOf);
  known.set(dark, { tables, figure });
  return { tables, figure };
}
