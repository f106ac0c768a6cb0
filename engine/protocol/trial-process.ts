import { z } from 'zod';

/**
 * Between the engine and the desktop shell's main process: trials of a sweep train side by side in processes of their own, and only the
 * main process can start one. The engine says for how many threads; which program runs is the shell's own choice. What engine and trial
 * say to each other (`engine/sweep/trial-messages.ts`) is carried unread.
 */
const id = z.number().int();

/** Engine → shell. */
export const trialRequest = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('start-trial'), id, threads: z.number().int().min(1).max(1024) }),
  z.strictObject({ kind: z.literal('to-trial'), id, message: z.unknown() }),
]);
export type TrialRequest = z.infer<typeof trialRequest>;

/** Shell → engine: what the trial says, and how its process ended, with the last of what it wrote. */
export const trialNews = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('from-trial'), id, message: z.unknown() }),
  z.strictObject({ kind: z.literal('trial-process-ended'), id, ending: z.string(), output: z.string() }),
]);
export type TrialNews = z.infer<typeof trialNews>;

/** What a trial says to the engine; all but an event is its last. Its process asks the shell for other things, too. */
export const fromTrial = z.looseObject({ kind: z.enum(['event', 'ended', 'failed']) });

/** What a trial is told that is to save and end. */
export const endTrial = { kind: 'end', how: 'paused' } as const;

/** Variables of the process of a trial. @param threads that it computes with */
export const trialEnvironment = (threads: number): Record<string, string> => ({
  UNROLL_THREADS: String(threads),
  TF_NUM_INTRAOP_THREADS: String(threads),
  TF_CPP_MIN_LOG_LEVEL: '3',
});
