import type { BackendName } from '../protocol/app.ts';

const latest = new Map<BackendName, number>();

/** Real tokens a second, measured while a run trains; shown beside the device. */
export function recordSpeed(backend: BackendName, tokensPerSecond: number): void {
  latest.set(backend, tokensPerSecond);
}

export const measuredSpeed = (backend: BackendName): number | null => latest.get(backend) ?? null;
