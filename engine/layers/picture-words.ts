import type { DataFacts } from '../shapes/data-facts.ts';

/** Size of the data's pictures, for a card's second line. */
export const pictureWords = ({ image }: DataFacts): string =>
  image === undefined ? 'no data yet' : `${image.height} × ${image.width}, ${image.channels === 1 ? 'grey' : 'colour'}`;
