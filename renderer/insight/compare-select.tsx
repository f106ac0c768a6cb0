import type { RunSummary } from '../../engine/protocol/runs.ts';
import { formatMetric, metricTitle } from '../training/metric-format.ts';
import { useTrainingStore } from '../training/store.ts';
import { Select } from '../ui/select.tsx';
import { canLookInside, compareWith, useInsight } from './store.ts';

const nobody = '-';

const labelOf = ({ name, best, headline }: RunSummary): string =>
  best ? `${name} · ${metricTitle(headline.metric)} ${formatMetric(headline.metric, best.value)}` : name;

/** Another run that reads the same sentence; nothing where there is none. */
export function CompareSelect({ run }: { readonly run: RunSummary }) {
  const compared = useInsight((s) => s.compared);
  const runs = useTrainingStore((s) => s.runs);
  const others = runs.filter((other) => other.id !== run.id && other.documentName === run.documentName && canLookInside(other));
  if (others.length === 0) return null;
  return (
    <div className="compare-select">
      <Select
        label="Compare with"
        value={compared ?? nobody}
        onChange={(next) => compareWith(next === nobody ? null : next)}
        options={[
          { value: nobody, label: 'Compare with …' },
          ...others.map((other) => ({ value: other.id, label: labelOf(other) })),
        ]}
      />
    </div>
  );
}
