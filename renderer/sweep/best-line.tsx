import type { SweepState } from '../../engine/protocol/sweep.ts';
import { useSize } from '../insight/use-size.ts';
import { formatMetric } from '../training/metric-format.ts';

const height = 120;
const margin = { top: 10, right: 12, bottom: 20, left: 56 };

/** The best result after each trial. */
export function bestSoFar({
  trials,
  objective,
}: SweepState): readonly { readonly number: number; readonly value: number; readonly best: number }[] {
  const points: { number: number; value: number; best: number }[] = [];
  for (const { number, status, value } of trials) {
    if (status !== 'complete' || value === null) continue;
    const before = points.at(-1)?.best ?? value;
    points.push({ number, value, best: objective.direction === 'maximize' ? Math.max(before, value) : Math.min(before, value) });
  }
  return points;
}

/** Results as dots over the trials, with the best so far as a line. */
export function BestLine({ state }: { readonly state: SweepState }) {
  const { ref, width } = useSize<HTMLDivElement>();
  const points = bestSoFar(state);
  const values = points.map(({ value }) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const x = (number: number): number =>
    margin.left + ((width - margin.left - margin.right) * (number - 1)) / Math.max(1, state.total - 1);
  const y = (value: number): number =>
    height - margin.bottom - (high === low ? 0.5 : (value - low) / (high - low)) * (height - margin.top - margin.bottom);
  const { metric } = state.objective;
  const last = points.at(-1);
  const steps = points.map(({ number, best }, i) => (i === 0 ? `M${x(number)},${y(best)}` : `H${x(number)}V${y(best)}`)).join('');
  return (
    <div ref={ref} className="sweep-best">
      {last === undefined ? (
        <p className="sweep__hint">Drawn when the first trial is done.</p>
      ) : (
        <svg
          width={width}
          height={height}
          role="img"
          aria-label={`Best so far: ${formatMetric(metric, points[0]?.best)} after the first trial, ${formatMetric(metric, last.best)} after trial ${last.number}`}
        >
          {[...new Set([low, high])].map((value) => (
            <text key={value} x={margin.left - 8} y={y(value)} dy="0.32em" textAnchor="end">
              {formatMetric(metric, value)}
            </text>
          ))}
          {points.map(({ number, value }) => (
            <circle key={number} cx={x(number)} cy={y(value)} r={2.5} />
          ))}
          <path d={steps} />
          <text x={margin.left} y={height - 4}>
            trial 1
          </text>
          <text x={width - margin.right} y={height - 4} textAnchor="end">
            {state.total}
          </text>
        </svg>
      )}
    </div>
  );
}
