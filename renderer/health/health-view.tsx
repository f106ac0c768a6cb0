import { useState } from 'react';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import { FigureTools, NumbersTable } from '../insight/figure-tools.tsx';
import { TimeChart } from '../insight/time-chart.tsx';
import { ViewHead } from '../insight/view-head.tsx';
import { useTrainingStore } from '../training/store.ts';
import { ScrollRegion } from '../ui/scroll-region.tsx';
import { Select } from '../ui/select.tsx';
import { placeInWords } from './ailments.ts';
import { gradientLines, moduleTable, recurrenceTable, stepNamesOf } from './health-figures.ts';
import './health-view.css';

const newest = 'newest';

/** What was measured of a run's health in one of its steps: a layer's gradient back in time, its values and units, and all weights. */
export function HealthView({ run }: { readonly run: RunSummary }) {
  const measured = useTrainingStore((s) => s.curves[run.id]?.health);
  const trained = useTrainingStore((s) => s.documents[run.id]);
  const [step, setStep] = useState(newest);
  const [chosen, setChosen] = useState('0');
  const [cursor, setCursor] = useState<number | null>(null);
  const picked = measured?.find((one) => String(one.step) === step);
  const shown = picked ?? measured?.at(-1);
  if (!measured || !shown || !trained) return null;
  const places = shown.recurrences.map((one) => placeInWords(trained, one, shown.recurrences));
  const at = Number(chosen) < places.length ? Number(chosen) : 0;
  const recurrence = shown.recurrences[at];
  const place = places[at] ?? '';
  const titleOf = (node: string): string => placeInWords(trained, { node, layer: 0, direction: 'forward' }, []);
  return (
    <ScrollRegion label="Health" className="health-view">
      <ViewHead
        title="Health"
        shows="How long the loss’s gradient is at each step of a layer, on powers of ten, in one step of the training, over a few rows."
        lookFor="Look for a line that falls or rises over many powers of ten, and for values at an end of their range."
        tex={
          '\\left\\| \\frac{\\partial L}{\\partial h_t} \\right\\|,\\quad \\frac{\\left\\| \\Delta\\theta \\right\\|}{\\left\\| \\theta \\right\\|}'
        }
      >
        {places.length > 1 && (
          <Select
            label="Layer"
            value={String(at)}
            onChange={setChosen}
            options={places.map((label, index) => ({ value: String(index), label }))}
          />
        )}
        <Select
          label="Measured at"
          value={picked ? step : newest}
          onChange={setStep}
          options={[
            { value: newest, label: `newest: step ${(measured.at(-1)?.step ?? 0).toLocaleString('en')}` },
            ...measured.map((one) => ({ value: String(one.step), label: `step ${one.step.toLocaleString('en')}` })).reverse(),
          ]}
        />
      </ViewHead>
      {recurrence && recurrence.distances.length > 0 && (
        <TimeChart
          label={`Gradient of ${place} in training step ${shown.step}`}
          series={gradientLines(recurrence)}
          names={stepNamesOf(recurrence)}
          form="log-lines"
          cursor={cursor}
          onCursor={setCursor}
        />
      )}
      <div className="health-view__tables">
        {recurrence && <Numbers name={`Values of ${place}`} table={recurrenceTable(recurrence)} />}
        <Numbers name="Weights of all layers" table={moduleTable(shown, titleOf)} />
      </div>
    </ScrollRegion>
  );
}

function Numbers({ name, table }: { readonly name: string; readonly table: ReturnType<typeof moduleTable> }) {
  return (
    <figure className="health-view__numbers">
      <figcaption>
        {name} <FigureTools name={name} table={() => table} />
      </figcaption>
      <NumbersTable name={name} {...table} />
    </figure>
  );
}
