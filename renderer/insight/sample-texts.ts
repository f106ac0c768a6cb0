import type { MethodResult } from '../../engine/protocol/contract.ts';
import { engine } from '../bridge/engine.ts';

export type TextSequence = MethodResult<'inspect.sampleText'>['sequences'][number];

/** Sequences are asked for so many at a time. */
const page = 500;
/** Samples whose texts are kept: two views ask for the same, one after the other. */
const most = 2;

const kept = new Map<string, Promise<readonly TextSequence[]>>();

/** What stands at the steps of a sample, whole; asked for once, however often it is looked at. */
export function textOf(sample: string): Promise<readonly TextSequence[]> {
  const text = kept.get(sample) ?? read(sample);
  kept.delete(sample);
  kept.set(sample, text);
  for (const oldest of [...kept.keys()].slice(0, -most)) kept.delete(oldest);
  // What has failed is asked for again.
  text.catch(() => kept.delete(sample));
  return text;
}

async function read(sample: string): Promise<readonly TextSequence[]> {
  const all: TextSequence[] = [];
  for (;;) {
    const { sequences } = await engine.call('inspect.sampleText', { sample, from: all.length, count: page });
    all.push(...sequences);
    if (sequences.length < page) return all;
  }
}
