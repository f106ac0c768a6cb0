/** A width filled up to a multiple of four: the shaders compute in fours. */
export const inFours = (width: number): number => 4 * Math.ceil(width / 4);
