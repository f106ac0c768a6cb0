import { useEffect, useState } from 'react';
import type { MethodResult } from '../../engine/protocol/contract.ts';
import type { Failure } from '../../engine/protocol/envelope.ts';
import { engine, failureOf } from '../bridge/engine.ts';

type Files = MethodResult<'export.preview'>['files'];

interface Preview {
  readonly files: Files | null;
  readonly failure: Failure | null;
}

/** The readable files that an export of this run would write. */
export function usePreview(run: string | null): Preview {
  const [preview, setPreview] = useState<Preview>({ files: null, failure: null });
  useEffect(() => {
    if (run === null) return;
    let current = true;
    setPreview({ files: null, failure: null });
    engine.call('export.preview', { run }).then(
      ({ files }) => current && setPreview({ files, failure: null }),
      (error: unknown) => current && setPreview({ files: null, failure: failureOf(error) }),
    );
    return () => {
      current = false;
    };
  }, [run]);
  return preview;
}
