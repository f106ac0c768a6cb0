/** `GPUAdapterInfo`; browsers leave fields empty as they like. */
export interface AdapterFacts {
  readonly vendor?: string;
  readonly architecture?: string;
  readonly device?: string;
  readonly description?: string;
  readonly isFallbackAdapter?: boolean;
}

const softwareNames = /swiftshader|llvmpipe|lavapipe|warp|basic render|software/i;

/** Start of the description of an adapter that computes on the processor. */
export const softwareLabel = 'WebGPU · CPU';

/** For the status bar. An adapter that computes on the processor is labelled CPU, whatever it calls itself. */
export function describeAdapter(facts: AdapterFacts): string {
  const { vendor = '', architecture = '', device = '', description = '' } = facts;
  const name = description || [vendor, architecture || device].filter(Boolean).join(' ');
  const software = facts.isFallbackAdapter === true || softwareNames.test([vendor, architecture, device, description].join(' '));
  if (software) return `${softwareLabel}${name === '' ? '' : ` (${name}, software)`}`;
  return `WebGPU · ${name === '' ? 'GPU' : name}`;
}
