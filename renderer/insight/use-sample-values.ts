import { useEffect, useState } from 'react';
import type { MethodResult } from '../../engine/protocol/contract.ts';
import type { UnitPattern } from '../../engine/protocol/inspect-units.ts';
import { engine } from '../bridge/engine.ts';
import { type Answer, useAnswer } from '../bridge/use-answer.ts';
import { matrixOf } from './matrix.ts';
import { type TextSequence, textOf } from './sample-texts.ts';
import { useInsight } from './store.ts';
import { useWork } from './use-work.ts';

/** What stands at the steps of a sample, whole. */
export function useSampleText(sample: string | null): readonly TextSequence[] {
  const { result } = useAnswer(sample, async () => ({ sample, all: await textOf(sample ?? '') }));
  return result && result.sample === sample ? result.all : none;
}
const none: readonly TextSequence[] = [];

/** A unit's value at each step of a sample, or the surprise. */
export function useSampleValues(sample: string | null, unit: number | null): Float32Array | null {
  const key = sample === null ? null : JSON.stringify([sample, unit]);
  const { result } = useAnswer(key, async () => ({
    sample,
    values: matrixOf(await engine.call('inspect.sampleValues', { sample: sample ?? '', unit })).data,
  }));
  return result && result.sample === sample ? result.values : null;
}

/** How well each unit tells where a pattern holds; `null` asks nothing. */
export function useUnitScores(sample: string | null, of: UnitPattern | null) {
  const key = useLater(sample === null || of === null ? null : JSON.stringify([sample, of]));
  return useWork<MethodResult<'inspect.unitScores'>>(key, key ?? '', (id) =>
    engine.call('inspect.unitScores', { id, sample: sample ?? '', of: of ?? { kind: 'position', from: 1, to: 1, end: false } }),
  );
}

interface Similar {
  readonly threshold: number;
  readonly offBefore: boolean;
  readonly offAfter: boolean;
}

/** Units on in a range of the sentence that is looked at, and places where they are on, too. */
export function useSimilar(
  sample: string | null,
  range: { readonly from: number; readonly to: number } | null,
  rule: Similar,
): Answer<MethodResult<'inspect.similar'>> {
  const trace = useInsight((s) => s.trace?.trace);
  const asked = sample === null || range === null || trace === undefined ? null : { sample, trace, ...range, ...rule };
  const key = asked && JSON.stringify(asked);
  return useAnswer(useLater(key), () =>
    engine.call('inspect.similar', asked ?? { sample: '', trace: '', from: 0, to: 0, ...rule }),
  );
}

/** What is still being typed or dragged is not asked, ms. */
const later = 250;

function useLater(key: string | null): string | null {
  const [settled, setSettled] = useState(key);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(key), key === null ? 0 : later);
    return () => clearTimeout(timer);
  }, [key]);
  return settled;
}
