/** The part of Electron's `MessagePortMain` that is used: declared here because the engine does not depend on Electron. */
export interface Port {
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  postMessage(message: string): void;
  start(): void;
}

export interface ParentPort {
  on(event: 'message', listener: (event: { readonly data: unknown; readonly ports: readonly Port[] }) => void): unknown;
  off(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  postMessage(message: unknown): void;
}

/** Electron's channel to the main process, or `null` in a plain Node process. */
export const parentPort: ParentPort | null = (process as unknown as { parentPort?: ParentPort }).parentPort ?? null;
