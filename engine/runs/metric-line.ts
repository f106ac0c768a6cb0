import { type MetricEvent, metricEvent } from '../protocol/runs.ts';

/** A line of `metrics.jsonl`; `null` where it cannot be read. */
export function parseMetricLine(line: string): MetricEvent | null {
  try {
    const content: unknown = JSON.parse(line);
    if (isPlain(content)) return content;
    const result = metricEvent.safeParse(content);
    return result.success ? result.data : null;
  } catch {
    return null;
  }
}

const accepts = (value: unknown): ReadonlySet<string> =>
  new Set(Object.entries(metricEvent.shape).flatMap(([name, schema]) => (schema.safeParse(value).success ? [name] : [])));
/** What else a line says in one number. */
const figures = accepts(0.5);
const optional = accepts(undefined);
const required = Object.keys(metricEvent.shape).length - optional.size;
const splits: ReadonlySet<unknown> = new Set(metricEvent.shape.split.options);

/**
 * Whether a line is as nearly all of a million are: what it has are numbers. The schema would give it back as it is, and take as long
 * again as its text takes; what is not plain is asked of the schema.
 */
function isPlain(content: unknown): content is MetricEvent {
  if (!isObject(content)) return false;
  let found = 0;
  for (const name in content) {
    const value = content[name];
    if (figures.has(name)) {
      if (typeof value !== 'number') return false;
    } else if (name === 'step') {
      if (!Number.isSafeInteger(value)) return false;
    } else if (name === 'split') {
      if (!splits.has(value)) return false;
    } else if (name !== 'values' || !areNumbers(value)) return false;
    if (!optional.has(name)) found++;
  }
  return found === required;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function areNumbers(values: unknown): boolean {
  if (!isObject(values)) return false;
  for (const name in values) if (typeof values[name] !== 'number' || name === '__proto__') return false;
  return true;
}
