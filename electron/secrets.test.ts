import { EventEmitter } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { secretsInShell } from '../engine/links/secrets.ts';
import { RayTokens } from '../engine/ray/tokens.ts';
import { type KeyStore, serveSecrets } from './secrets.ts';

/* The engine's tokens and the shell's key store, joined as Electron joins them. */
const scratch = mkdtempSync(join(tmpdir(), 'unroll-secrets-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const address = 'http://head:8265';
const secret = 'a-very-secret-token';

function joined(keys: Partial<KeyStore>, platform: NodeJS.Platform = 'darwin') {
  const engine = new EventEmitter();
  const parent = new EventEmitter();
  const answer = (message: unknown): void =>
    queueMicrotask(() => parent.emit('message', { data: structuredClone(message), ports: [] }));
  serveSecrets(
    Object.assign(engine, { postMessage: answer }),
    {
      isEncryptionAvailable: () => true,
      encryptString: (text) => Buffer.from([...text].reverse().join('')),
      decryptString: (encrypted) => [...encrypted.toString()].reverse().join(''),
      ...keys,
    },
    platform,
  );
  const ask = (message: unknown): void => queueMicrotask(() => engine.emit('message', structuredClone(message)));
  const secrets = secretsInShell(Object.assign(parent, { postMessage: ask }));
  const path = join(scratch, `tokens-${Math.random()}.json`);
  return {
    tokens: new RayTokens(path, secrets, { RAY_AUTH_TOKEN_PATH: join(scratch, 'none') }),
    text: () => readFileSync(path, 'utf8'),
  };
}

it('a token is kept encrypted by the system', async () => {
  const { tokens, text } = joined({});
  await tokens.keep(address, secret);
  expect(text()).toContain('"encrypted": true');
  expect(text()).not.toContain(secret);
  expect(await Promise.all([tokens.find(address), tokens.find(address)])).toEqual([secret, secret]);
});

it.each([
  ['no key store', { isEncryptionAvailable: () => false }, 'win32' as const],
  ['one that everybody has the key of', { getSelectedStorageBackend: () => 'basic_text' }, 'linux' as const],
])('with %s it is said to be plain', async (_name, keys, platform) => {
  const { tokens, text } = joined(keys, platform);
  await tokens.keep(address, secret);
  expect(text()).toContain('"encrypted": false');
  expect(await tokens.find(address)).toBe(secret);
});

it('a token that the system cannot read any more counts as none', async () => {
  const { tokens } = joined({
    decryptString: () => {
      throw new Error('another account');
    },
  });
  await tokens.keep(address, secret);
  expect(await tokens.find(address)).toBeUndefined();
});
