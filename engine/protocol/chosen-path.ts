import { z } from 'zod';

/**
 * Between the engine and the desktop shell's main process, which alone knows what a person has chosen in its dialogs: the window, which
 * asks for something to be written, is not believed.
 */
const question = { id: z.number().int(), path: z.string().min(1).max(4096) };

/** What is to be written there: a document, an exported project, or an imported run. For a machine, which is to be reached, its name. */
const purpose = z.enum(['document', 'export', 'import', 'machine']);
export type WritePurpose = z.infer<typeof purpose>;

/** Engine → shell: was this path chosen? For a folder of an export, and a machine, the shell may ask the person before it answers. */
export const chosenPathRequest = z.strictObject({ kind: z.literal('is-path-chosen'), ...question, purpose });
export type ChosenPathRequest = z.infer<typeof chosenPathRequest>;

/** Shell → engine. */
export const chosenPathAnswer = z.strictObject({ kind: z.literal('path-chosen'), id: z.number().int(), chosen: z.boolean() });
export type ChosenPathAnswer = z.infer<typeof chosenPathAnswer>;
