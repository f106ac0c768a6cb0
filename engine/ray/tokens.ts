import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { readTextFile } from '../files/open-file.ts';
import { writePrivately } from '../files/write-privately.ts';

/** The system's store of secrets, as far as the shell has one: what it encrypts only this user's account reads again. */
export interface SecretStore {
  /** `null` where there is none: the secret is then kept in a file that only this account may read. */
  encrypt(text: string): Promise<string | null>;
  /** `null` where it cannot be read any more. */
  decrypt(text: string): Promise<string | null>;
}

const kept = z.strictObject({
  format: z.literal('unroll-ray-tokens'),
  tokens: z.record(z.string(), z.strictObject({ encrypted: z.boolean(), text: z.string() })),
});
type Kept = z.infer<typeof kept>;

/**
 * Tokens of clusters, by address. They stand in no document, no run and no log. One that was given for the address counts first, then
 * those that Ray's own programs take: `RAY_AUTH_TOKEN`, the file that `RAY_AUTH_TOKEN_PATH` names, `~/.ray/auth_token`.
 */
export class RayTokens {
  readonly #path: string;
  readonly #secrets: SecretStore | null;
  readonly #environment: NodeJS.ProcessEnv;

  constructor(path: string, secrets: SecretStore | null, environment: NodeJS.ProcessEnv = process.env) {
    this.#path = path;
    this.#secrets = secrets;
    this.#environment = environment;
  }

  async find(address: string): Promise<string | undefined> {
    const given = await this.#kept(address);
    if (given !== null) return given;
    const named = this.#environment['RAY_AUTH_TOKEN']?.trim();
    if (named) return named;
    const file = this.#environment['RAY_AUTH_TOKEN_PATH'] || join(homedir(), '.ray', 'auth_token');
    const text = await readTextFile(file).catch(() => '');
    return text.trim() || undefined;
  }

  /** Whether one was given for the address. */
  async has(address: string): Promise<boolean> {
    return Object.hasOwn((await this.#read()).tokens, address);
  }

  /** @param token `null` forgets it */
  async keep(address: string, token: string | null): Promise<void> {
    const { [address]: _before, ...others } = (await this.#read()).tokens;
    const encrypted = token === null ? null : ((await this.#secrets?.encrypt(token)) ?? null);
    const entry = token === null ? {} : { [address]: { encrypted: encrypted !== null, text: encrypted ?? token } };
    const content: Kept = { format: 'unroll-ray-tokens', tokens: { ...others, ...entry } };
    await writePrivately(this.#path, `${JSON.stringify(content, null, 1)}\n`);
  }

  async #kept(address: string): Promise<string | null> {
    const found = (await this.#read()).tokens[address];
    if (found === undefined) return null;
    return found.encrypted ? ((await this.#secrets?.decrypt(found.text)) ?? null) : found.text;
  }

  async #read(): Promise<Kept> {
    const none: Kept = { format: 'unroll-ray-tokens', tokens: {} };
    try {
      return kept.safeParse(JSON.parse(await readTextFile(this.#path))).data ?? none;
    } catch {
      return none;
    }
  }
}
