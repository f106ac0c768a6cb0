import { type SecretAnswer, secretRequest } from '../engine/protocol/secrets.ts';

interface Engine {
  on(event: 'message', listener: (message: unknown) => void): unknown;
  postMessage(message: SecretAnswer): void;
}

/** The part of Electron's `safeStorage` that is used. */
export interface KeyStore {
  isEncryptionAvailable(): boolean;
  encryptString(text: string): Buffer;
  decryptString(encrypted: Buffer): string;
  /** On Linux: `basic_text` encrypts with a key that everybody knows. */
  getSelectedStorageBackend?(): string;
}

/** Encrypts and decrypts for the engine, which keeps secrets in files of its own. */
export function serveSecrets(engine: Engine, keys: KeyStore, platform: NodeJS.Platform = process.platform): void {
  const usable = (): boolean =>
    keys.isEncryptionAvailable() && !(platform === 'linux' && keys.getSelectedStorageBackend?.() === 'basic_text');
  const work = (kind: 'encrypt-secret' | 'decrypt-secret', text: string): string | null => {
    try {
      if (!usable()) return null;
      return kind === 'encrypt-secret'
        ? keys.encryptString(text).toString('base64')
        : keys.decryptString(Buffer.from(text, 'base64'));
    } catch {
      return null; // Encrypted by another account, or before the system was set up anew.
    }
  };
  engine.on('message', (message) => {
    const request = secretRequest.safeParse(message).data;
    if (request !== undefined) engine.postMessage({ kind: 'secret', id: request.id, text: work(request.kind, request.text) });
  });
}
