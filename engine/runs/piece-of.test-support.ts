import type { MetricsPiece } from '../protocol/metric-columns.ts';
import type { MetricEvent } from '../protocol/runs.ts';
import { MetricColumns } from './metric-columns.ts';

/** A piece of metrics with these lines, as the engine sends it. @param more what else is told of it than that it is all there is */
export function pieceOf(events: readonly MetricEvent[], more: Partial<MetricsPiece> = {}): MetricsPiece {
  const columns = new MetricColumns();
  for (const event of events) columns.add(event);
  return { from: 0, next: null, bytes: 0, ...columns.sent(), lost: 0, ...more };
}
