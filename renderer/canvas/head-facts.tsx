import { useMemo } from 'react';
import { isMoment, useInsight } from '../insight/store.ts';
import { type CardFigure, cardFigures, cardRun, momentFigures } from '../training/card-run.ts';
import { recentMean } from '../training/figures.tsx';
import { useTrainingStore } from '../training/store.ts';
import { useCanvasGraph } from '../training/use-canvas-run.ts';
import './card-facts.css';
import { factsHeight } from './port-places.ts';

const untrained: readonly CardFigure[] = [
  { title: 'Not trained yet', value: '' },
  { title: 'loss', value: '–' },
  { title: 'best epoch', value: '–' },
];

/** What a head's card tells of the run last trained on this graph: it alone is drawn anew while that goes on. */
export function HeadFacts() {
  const { graph, name } = useCanvasGraph();
  const runs = useTrainingStore((s) => s.runs);
  const active = useTrainingStore((s) => s.active);
  const found = useMemo(() => cardRun(runs, graph, active, name), [runs, graph, active, name]);
  const curves = useTrainingStore((s) => (found ? s.curves[found.run.id] : undefined));
  // Read so that the loss follows the curves, which grow in place.
  useTrainingStore((s) => (found ? s.ticks[found.run.id] : 0));
  // While a run's past is looked at, so is its card; the microscope's run is the training panel's.
  const past = useInsight((s) => (s.open && isMoment(s.weights) ? s.weights.step : null));
  const earlier = found?.earlier === true;
  const figures = !found
    ? untrained
    : past !== null && found.run.id === active
      ? momentFigures(found.run, curves, past)
      : cardFigures(found.run, recentMean(curves?.get('loss', 'train')?.value ?? []));
  const shown = earlier ? figures.slice(0, 2) : figures;
  return (
    <section
      className="card-facts"
      style={{ height: factsHeight.head }}
      data-stale={earlier}
      aria-label={found ? `Figures of ${found.run.name}` : 'Figures'}
      title={found?.run.name}
    >
      <dl>
        {shown.map(({ title, value }, place) => (
          <div key={title} data-headline={place === 0}>
            <dt>{title}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {earlier && <p className="card-facts__earlier">of an earlier graph</p>}
    </section>
  );
}
