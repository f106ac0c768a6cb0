import { z } from 'zod';

/** The setting `hidden` of a cell, units. */
export const cellWidth = (description: string) =>
  z.number().int().min(1).max(8192).default(128).meta({ title: 'Width', description });
