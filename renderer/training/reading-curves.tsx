import type { RunSummary } from '../../engine/protocol/runs.ts';
import { Progress } from '../ui/progress.tsx';
import { Spinner } from '../ui/spinner.tsx';
import { useTrainingStore } from './store.ts';

/** While a run's curves are being read for the first time: that they are, and how far, where there are very many points. */
export function ReadingCurves({ run }: { readonly run: RunSummary }) {
  const share = useTrainingStore((s) => (s.curves[run.id] === undefined ? s.reading[run.id] : undefined));
  if (share === undefined) return null;
  return (
    <>
      <Spinner label="Reading its curves …" />
      {share > 0 && <Progress label="Curves that are read" value={share} />}
    </>
  );
}
