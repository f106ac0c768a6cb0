import { z } from 'zod';

/**
 * Between the engine and the desktop shell's main process, which alone knows what a person has chosen in its dialogs: the window, which
 * asks for a document to be saved, is not believed.
 */
const question = { id: z.number().int(), path: z.string().min(1).max(4096) };

/** Engine → shell: was this path chosen? */
export const chosenPathRequest = z.strictObject({ kind: z.literal('is-path-chosen'), ...question });
export type ChosenPathRequest = z.infer<typeof chosenPathRequest>;

/** Shell → engine. */
export const chosenPathAnswer = z.strictObject({ kind: z.literal('path-chosen'), id: z.number().int(), chosen: z.boolean() });
export type ChosenPathAnswer = z.infer<typeof chosenPathAnswer>;
