import { useEffect, useState } from 'react';
import type { DataBinding } from '../../engine/document/data-binding.ts';
import type { SplitName } from '../../engine/document/split-names.ts';
import type { MethodResult } from '../../engine/protocol/contract.ts';
import type { Failure } from '../../engine/protocol/envelope.ts';
import { engine, failureOf } from '../bridge/engine.ts';

type Page = MethodResult<'data.examples'>;

/** One page of a split as its source wrote it. */
export function useExamples(
  binding: DataBinding | null,
  split: SplitName,
  offset: number,
  count: number,
): { readonly page: Page | null; readonly failure: Failure | null } {
  const [state, setState] = useState<{ page: Page | null; failure: Failure | null }>({ page: null, failure: null });
  useEffect(() => {
    if (!binding) return;
    let current = true;
    engine.call('data.examples', { binding, split, offset, count }).then(
      (page) => current && setState({ page, failure: null }),
      (error: unknown) => current && setState({ page: null, failure: failureOf(error) }),
    );
    return () => {
      current = false;
    };
  }, [binding, split, offset, count]);
  return state;
}
