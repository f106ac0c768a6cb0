import type { NumberScale } from './colour-scale.ts';
import { tokenColours } from './text-colours.ts';
import { seen } from './token-lines.ts';

interface ColouredTokenProps {
  readonly word: string;
  /** NaN has no colour. */
  readonly value: number;
  readonly scale: NumberScale;
  readonly table: Uint8ClampedArray;
  /** Its place, as the list around it knows it. */
  readonly place: number;
  readonly marked?: boolean;
  readonly chosen?: boolean;
  readonly here?: boolean;
}

/** A token on the colour of its number; steps without words are blocks. */
export function ColouredToken({ word, value, scale, table, place, marked, chosen, here }: ColouredTokenProps) {
  return (
    <span
      className="coloured-token"
      data-place={place}
      data-none={word === ''}
      data-marked={marked}
      data-chosen={chosen}
      data-here={here}
      style={tokenColours(value, scale, table) ?? undefined}
    >
      {seen(word)}
    </span>
  );
}
