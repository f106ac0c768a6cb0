import type { Trace } from '../../engine/protocol/inspect.ts';
import { Button } from '../ui/button.tsx';
import { Progress } from '../ui/progress.tsx';
import { readAgain, readMore, stopReading, useSampleStore } from './sample-store.ts';

interface SampleBarProps {
  readonly trace: Pick<Trace, 'step'>;
  readonly progress: { readonly done: number; readonly of: number } | null;
}

/** How much of the split was read, with which weights, and more of it. */
export function SampleBar({ trace, progress }: SampleBarProps) {
  const sample = useSampleStore((s) => s.sample);
  const of = useSampleStore((s) => s.of);
  if (progress !== null)
    return (
      <div className="sample-bar">
        <Progress label="Reading the text" value={progress.of === 0 ? null : progress.done / progress.of} />
        <span>
          {progress.done.toLocaleString('en')} of {progress.of.toLocaleString('en')}
        </span>
        <Button size="small" onClick={stopReading}>
          Stop
        </Button>
      </div>
    );
  if (sample === null || of === null) return null;
  const older = sample.step !== trace.step;
  return (
    <div className="sample-bar">
      <span>
        {sample.examples.toLocaleString('en')} of {sample.of.toLocaleString('en')} rows,{' '}
        {of.split === 'train' ? 'trained on' : 'held out'}
        {sample.running && ', each from an empty state'}
        {sample.ended === 'full' && '; more would not fit into memory'}
        {sample.ended === 'cancelled' && '; stopped'}
        {older && `; read with the weights of step ${sample.step.toLocaleString('en')}`}
      </span>
      {older || sample.ended === 'cancelled' ? (
        <Button size="small" onClick={readAgain}>
          Read again
        </Button>
      ) : (
        sample.ended === null &&
        sample.examples < sample.of && (
          <Button size="small" onClick={readMore}>
            Read more
          </Button>
        )
      )}
    </div>
  );
}
