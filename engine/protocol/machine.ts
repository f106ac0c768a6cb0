import { z } from 'zod';
import { failure } from './envelope.ts';
import { sentSize } from './transfer.ts';

/**
 * A machine as ssh knows it: a name, or a name of the user's ssh configuration, with a user before and a port behind where needed. Nothing
 * that ssh could take for an option, and nothing that a shell, or a `ProxyCommand` with `%h`, could take for more than a name.
 */
export const machineHost = z
  .string()
  .max(255)
  .regex(
    /^(?:[A-Za-z0-9_][\w.+-]{0,63}@)?(?:[A-Za-z0-9_][\w.-]*(?::\d{1,5})?|\[[0-9A-Fa-f:.]+\](?::\d{1,5})?|[0-9A-Fa-f]*(?::[0-9A-Fa-f.]*){2,})$/,
    'Expected a machine’s name as ssh takes it, such as gpu-box or ada@gpu.example.org:2222.',
  );

const far = {
  host: z.string(),
  /** Rises with each engine that the windows are joined to: what they show of the one before is no longer so. */
  joined: z.number().int(),
  hostname: z.string(),
  platform: z.string(),
  home: z.string(),
  documents: z.string(),
};

/** Which machine the windows' runs, data and devices are on. */
export const machineState = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('here'), joined: z.number().int() }),
  z.strictObject({ kind: z.literal('connecting'), joined: z.number().int(), host: z.string(), step: z.string() }),
  z.strictObject({ kind: z.literal('there'), ...far }),
  /** The connection is gone and is sought again; what is asked meanwhile waits. */
  z.strictObject({
    kind: z.literal('away'),
    ...far,
    /** Why the last attempt failed. */
    failure: failure.nullable(),
    /** ms since the epoch of the next attempt; `null` while one is made. */
    next: z.number().nullable(),
  }),
]);
export type MachineState = z.infer<typeof machineState>;

const nothing = z.strictObject({});
const paths = z.array(z.string().min(1).max(4096)).min(1).max(1000);
const state = z.strictObject({ state: machineState });

export const machineMethods = {
  /** Machines to choose from: those used before, newest first, then those of the user's ssh configuration. */
  'machine.list': {
    params: nothing,
    result: z.strictObject({ machines: z.array(z.strictObject({ host: z.string(), used: z.boolean() })) }),
  },
  /** Resolves when the engine there has answered; fails with what stands in the way. */
  'machine.connect': { params: z.strictObject({ host: machineHost }), result: state },
  /** Back to this machine; what trains there goes on. */
  'machine.disconnect': { params: nothing, result: state },
  /** Looks for a lost connection now. */
  'machine.retry': { params: nothing, result: nothing },
  /** Suggests a machine no longer. */
  'machine.forget': { params: z.strictObject({ host: machineHost }), result: nothing },
  /** What sending files of this machine would bring there: they and the pictures and recordings that their rows name. */
  'machine.measure': { params: z.strictObject({ paths }), result: sentSize },
  /** Sends them there, with the files that their rows name. @returns their paths there, in the same order */
  'machine.send': {
    params: z.strictObject({ paths }),
    result: z.strictObject({ paths: z.array(z.string()) }),
  },
  'machine.cancelSend': { params: nothing, result: nothing },
} as const;

export const machineEvents = {
  'machine.state': state,
  'machine.sending': z.strictObject({ name: z.string(), fraction: z.number() }),
} as const;
