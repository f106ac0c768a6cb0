import { z } from 'zod';
import { unrollDocument } from '../document/schema.ts';
import { documentMethods } from './documents.ts';

const { key } = documentMethods['document.autosave'].params.shape;

/** A block that a person keeps for other documents: a document of its own, with that block placed in it and no data. */
const keptBlock = z.strictObject({ key, document: unrollDocument });
export type KeptBlock = z.infer<typeof keptBlock>;

export const blockMethods = {
  /** By name; what cannot be read is left out. */
  'blocks.list': { params: z.strictObject({}), result: z.strictObject({ blocks: z.array(keptBlock) }) },
  /** Under a key that is there already: in its place. */
  'blocks.keep': { params: keptBlock, result: z.strictObject({}) },
  'blocks.discard': { params: z.strictObject({ key }), result: z.strictObject({}) },
  /** Takes back the last `blocks.discard` of this key. */
  'blocks.restore': { params: z.strictObject({ key }), result: z.strictObject({}) },
} as const;

export const blockEvents = {
  /** What is kept is another list now. */
  'blocks.changed': z.strictObject({}),
} as const;
