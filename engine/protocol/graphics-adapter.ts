import type { DeviceInfo } from './app.ts';

/** `GPUAdapterInfo`; browsers leave fields empty as they like. */
export interface AdapterFacts {
  readonly vendor?: string;
  readonly architecture?: string;
  readonly device?: string;
  readonly description?: string;
  readonly isFallbackAdapter?: boolean;
}

/** Only what is used of WebGPU; the library has types of its own for the rest. */
interface GpuNavigator {
  readonly gpu?: {
    requestAdapter(options: { powerPreference: 'high-performance' }): Promise<{ readonly info: AdapterFacts } | null>;
  };
}

/** WebGPU that cannot be used, with the reason, or not yet. */
export const unusableWebGpu = (reason: string | null): DeviceInfo => ({
  backend: 'webgpu',
  available: false,
  reason,
  description: 'WebGPU',
  selfCheckError: null,
  tokensPerSecond: null,
});

/** What WebGPU runs on, in a window or a worker of one; never throws: why there is nothing is the `reason`. */
export async function findAdapter(): Promise<{ readonly facts: AdapterFacts } | { readonly reason: string }> {
  const { gpu } = navigator as GpuNavigator;
  if (gpu === undefined) return { reason: 'This window has no WebGPU.' };
  try {
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    return adapter === null ? { reason: 'WebGPU found no graphics adapter.' } : { facts: adapter.info };
  } catch (error) {
    return { reason: webGpuFailure(error) };
  }
}

export const webGpuFailure = (error: unknown): string =>
  `WebGPU failed: ${error instanceof Error ? error.message : String(error)}`;
