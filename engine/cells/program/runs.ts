import { inOrder, type Output, partsOf, type Value } from './value.ts';

/** Values of one width that are computed together, a column of units at a time: what they need of other columns was computed before. */
export interface Run {
  /** 0: one number a row. */
  readonly width: number;
  readonly values: readonly Value[];
  readonly outputs: readonly Output[];
}

/**
 * Deals the values to runs. A product needs every unit of what it multiplies, and what gathers over units is there after all of them: those
 * begin a new run. Apart from that a value is computed as late as it can be, so that little has to be kept from run to run.
 */
export function dealToRuns(outputs: readonly Output[]): readonly Run[] {
  const order = inOrder(outputs.map(({ value }) => value));
  const level = levels(order);
  const runs = new Map<string, { level: number; width: number; values: Value[]; outputs: Output[] }>();
  const run = (at: number, width: number) => {
    const key = `${at} ${width}`;
    const known = runs.get(key) ?? { level: at, width, values: [], outputs: [] };
    runs.set(key, known);
    return known;
  };
  for (const value of order) if (value.kind !== 'given') run(level.get(value) ?? 0, widthOfRun(value)).values.push(value);
  for (const output of outputs) {
    const made = level.get(output.value) ?? 0;
    // What gathers over units is complete only after its run.
    run(output.value.kind === 'reduction' ? made + 1 : made, output.width).outputs.push(output);
  }
  return [...runs.values()].sort((a, b) => a.level - b.level || a.width - b.width);
}

/** A value that gathers over units is computed with what it gathers. */
const widthOfRun = (value: Value): number => (value.kind === 'reduction' ? value.of.width : value.width);

function levels(order: readonly Value[]): ReadonlyMap<Value, number> {
  const earliest = new Map<Value, number>();
  for (const value of order) {
    const after = partsOf(value).map((part) => (earliest.get(part) ?? 0) + barrier(part, value));
    earliest.set(value, Math.max(0, ...after));
  }
  const latest = new Map<Value, number>();
  const level = new Map<Value, number>();
  for (const value of [...order].reverse()) {
    const at = latest.get(value) ?? earliest.get(value) ?? 0;
    level.set(value, at);
    for (const part of partsOf(value)) {
      const before = at - barrier(part, value);
      latest.set(part, Math.min(before, latest.get(part) ?? before));
    }
  }
  return level;
}

/** 1 where every unit of a part has to be there first. */
function barrier(part: Value, of: Value): 0 | 1 {
  if (part.kind === 'given') return 0;
  if (part.kind === 'reduction') return 1;
  return of.kind === 'sum' && part !== of.start ? 1 : 0;
}
