import type { RunSummary } from '../../engine/protocol/runs.ts';
import { formatMetric, metricTitle } from '../training/metric-format.ts';
import { statusWord } from '../training/run-progress.tsx';
import { Select } from '../ui/select.tsx';

interface RunSelectProps {
  readonly runs: readonly RunSummary[];
  readonly value: string;
  onChange(run: string): void;
}

/** A choice among the kept runs, each with its result. */
export function RunSelect({ runs, value, onChange }: RunSelectProps) {
  return (
    <Select
      label="Run"
      value={value}
      onChange={onChange}
      options={runs.map((run) => ({
        value: run.id,
        label: `${run.name} · ${
          run.best
            ? `${metricTitle(run.headline.metric)} ${formatMetric(run.headline.metric, run.best.value)}`
            : statusWord(run.status)
        }`,
      }))}
    />
  );
}
