import { useEffect, useState } from 'react';
import type { MethodResult } from '../../engine/protocol/contract.ts';
import type { Failure } from '../../engine/protocol/envelope.ts';
import type { ExportFormat } from '../../engine/protocol/export.ts';
import { engine, failureOf } from '../bridge/engine.ts';

type Files = MethodResult<'export.preview'>['files'];

interface Preview {
  readonly files: Files | null;
  readonly failure: Failure | null;
}

/** The readable files that an export of this run would write. */
export function usePreview(run: string | null, format: ExportFormat): Preview {
  const [preview, setPreview] = useState<Preview>({ files: null, failure: null });
  useEffect(() => {
    if (run === null) return;
    let current = true;
    setPreview({ files: null, failure: null });
    engine.call('export.preview', { run, format }).then(
      ({ files }) => current && setPreview({ files, failure: null }),
      (error: unknown) => current && setPreview({ files: null, failure: failureOf(error) }),
    );
    return () => {
      current = false;
    };
  }, [run, format]);
  return preview;
}
