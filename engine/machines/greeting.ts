import { createHash } from 'node:crypto';
import { z } from 'zod';
import packageFile from '../../package.json' with { type: 'json' };
import { events, methods } from '../protocol/contract.ts';

/*
 * How an engine on another machine and the one here begin, a line each, before the frames of their session (`session.ts`). Lines of a
 * login's own (a banner, what a profile prints) may stand before the first.
 *
 *   far program → here   unroll-program {"version": …, "contract": …, "node": …}
 *   here → far engine    session {"version": …, "contract": …, "id": …, "received": 0}
 *   far engine → here    unroll-engine {"version": …, "contract": …, "engine": …, "resumed": …, "received": 0, …}
 *
 * The program is started by ssh and carries lines; the engine is a process of its own that outlives it, and may be of an older version
 * while it still trains.
 */

const version = z.string().max(64);
const contract = z.string().max(64);
const count = z.number().int().min(0);

export const programLine = z.object({ version, contract, node: z.string().max(64) });
export type ProgramLine = z.infer<typeof programLine>;

export const sessionLine = z.object({ version, contract, id: z.string().regex(/^[\w-]{16,64}$/), received: count });
export type SessionLine = z.infer<typeof sessionLine>;

export const engineLine = z.object({
  version,
  contract,
  /** Another one for each start of the engine. */
  engine: z.string().max(64),
  /** Whether it knew the session, which goes on; otherwise both begin at 0. */
  resumed: z.boolean(),
  received: count,
  hostname: z.string().max(256),
  platform: z.string().max(64),
  home: z.string().max(4096),
  documents: z.string().max(4096),
});
export type EngineLine = z.infer<typeof engineLine>;

/** What an engine says of itself to the program that was started beside it. */
export const statusLine = z.object({
  version,
  contract,
  pid: z.number().int(),
  /** Whether a run trains, or is made ready. */
  training: z.boolean(),
  /** Connections that are open. */
  connected: count,
});
export type StatusLine = z.infer<typeof statusLine>;

/** Greetings by their first word. */
export const words = { program: 'unroll-program', session: 'session', engine: 'unroll-engine', status: 'unroll-status' } as const;

export const say = (word: string, data: unknown): string => `${word} ${JSON.stringify(data)}`;

/** What a line says after its word; `null` where it has another word, or says something else. */
export function hear<T>(word: string, schema: z.ZodType<T>, line: string): T | null {
  if (!line.startsWith(`${word} `)) return null;
  try {
    return schema.safeParse(JSON.parse(line.slice(word.length + 1))).data ?? null;
  } catch {
    return null;
  }
}

export interface Version {
  readonly version: string;
  /** Of every message that can be sent: two programs of one version number may have been built from different sources. */
  readonly contract: string;
}

let known: Version | null = null;

export function ownVersion(): Version {
  known ??= { version: packageFile.version, contract: contractPrint() };
  return known;
}

export const isSame = (a: Version, b: Version): boolean => a.version === b.version && a.contract === b.contract;

/** Digest of the schemas of all methods and events. */
function contractPrint(): string {
  const schema = (type: z.ZodType, io: 'input' | 'output'): unknown => z.toJSONSchema(type, { unrepresentable: 'any', io });
  const described = {
    methods: Object.entries(methods).map(([name, { params, result }]) => [
      name,
      schema(params, 'input'),
      schema(result, 'output'),
    ]),
    events: Object.entries(events).map(([name, data]) => [name, schema(data, 'output')]),
  };
  return createHash('sha256').update(JSON.stringify(described)).digest('hex').slice(0, 16);
}
