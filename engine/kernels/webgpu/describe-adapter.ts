import type { AdapterFacts } from '../../protocol/graphics-adapter.ts';

const softwareNames = /swiftshader|llvmpipe|lavapipe|warp|basic render|software/i;

/** Start of the description of an adapter that computes on the processor. */
export const softwareLabel = 'WebGPU · CPU';

/** Whether an adapter computes on the processor, whatever it calls itself. */
export function isSoftware(facts: AdapterFacts): boolean {
  const { vendor = '', architecture = '', device = '', description = '' } = facts;
  return facts.isFallbackAdapter === true || softwareNames.test([vendor, architecture, device, description].join(' '));
}

/** For the status bar. An adapter that computes on the processor is labelled CPU. */
export function describeAdapter(facts: AdapterFacts): string {
  const { vendor = '', architecture = '', device = '', description = '' } = facts;
  const name = description || [vendor, architecture || device].filter(Boolean).join(' ');
  if (isSoftware(facts)) return `${softwareLabel}${name === '' ? '' : ` (${name}, software)`}`;
  return `WebGPU · ${name === '' ? 'GPU' : name}`;
}
