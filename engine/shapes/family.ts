/** Palette groups, in display order. */
export const families = ['input', 'represent', 'cell', 'unroll', 'shape', 'head'] as const;
export type Family = (typeof families)[number];
