import { Button } from '../ui/button.tsx';
import { Progress } from '../ui/progress.tsx';
import { cancelStart, isStarting, useTrainingStore } from './store.ts';

/** A run is being made ready: how far its data is, and the way out. */
export function PreparingNote() {
  const starting = useTrainingStore(isStarting);
  const preparing = useTrainingStore((s) => s.preparing);
  if (!starting || preparing === null) return null;
  const { step, rows, fraction } = preparing;
  return (
    <div className="training__preparing">
      <p role="status">Preparing the data: {`${step} · ${rows.toLocaleString('en')} rows`}</p>
      <Progress label="Preparing the data" value={fraction} />
      <Button size="small" onClick={() => void cancelStart()}>
        Cancel
      </Button>
    </div>
  );
}
