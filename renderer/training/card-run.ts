import type { RunSummary } from '../../engine/protocol/runs.ts';
import { formatMetric, metricTitle } from './metric-format.ts';
import type { RunCurves } from './run-curves.ts';

/** The run whose figures a graph's head shows. */
export interface CardRun {
  readonly run: RunSummary;
  /** Whether it is of an earlier state of the graph, or of other data. */
  readonly earlier: boolean;
}

const isLive = ({ status }: RunSummary): boolean => status === 'running' || status === 'paused';
const hasFigures = (run: RunSummary): boolean => isLive(run) || run.best !== null;

/**
 * The run last trained on this very graph, one with figures before one without; otherwise the run that this document's training panel
 * shows, which is of an earlier graph.
 *
 * @param runs newest first
 * @param graph fingerprint of the graph
 * @param shown the run of the training panel
 */
export function cardRun(runs: readonly RunSummary[], graph: string, shown: string | null, documentName: string): CardRun | null {
  const same = runs.filter((run) => run.graph === graph);
  const run = same.find(hasFigures) ?? same[0];
  if (run) return { run, earlier: false };
  const before = runs.find(({ id }) => id === shown);
  return before && before.documentName === documentName ? { run: before, earlier: true } : null;
}

export interface CardFigure {
  readonly title: string;
  readonly value: string;
}

/** The same of one validation of the past, which a film shows: what the run says of another moment would not fit what is seen. */
export function momentFigures(run: RunSummary, curves: RunCurves | undefined, step: number): readonly CardFigure[] {
  const { metric } = run.headline;
  const split = run.judgedOn ?? 'validation';
  const at = (name: string): number | null => {
    const curve = curves?.get(name, split);
    return curve?.value[curve.step.lastIndexOf(step)] ?? null;
  };
  return [
    { title: metricTitle(metric), value: formatMetric(metric, at(metric)) },
    { title: `${split === 'train' ? 'training split' : split} loss`, value: formatMetric('loss', at('loss')) },
    { title: `at step ${step.toLocaleString('en')}`, value: '' },
  ];
}

/**
 * Main metric, loss and best epoch of a run, in words.
 *
 * @param trainingLoss mean over the last steps, while it trains
 */
export function cardFigures(run: RunSummary, trainingLoss: number | null): readonly [CardFigure, CardFigure, CardFigure] {
  const { metric } = run.headline;
  const judged = run.validation ?? run.training;
  const of = run.judgedOn === 'train' ? 'training split' : 'validation';
  const loss =
    isLive(run) && trainingLoss !== null
      ? { title: 'training loss', value: formatMetric('loss', trainingLoss) }
      : { title: `${of} loss`, value: formatMetric('loss', judged?.['loss']) };
  const epoch = run.best && run.totalSteps > 0 ? (run.best.step / run.totalSteps) * run.epochs : null;
  return [
    { title: metricTitle(metric), value: formatMetric(metric, judged?.[metric]) },
    loss,
    {
      title: epoch === null ? 'best epoch' : `best · epoch ${Number(epoch.toFixed(2))}`,
      value: formatMetric(metric, run.best?.value),
    },
  ];
}
