import { z } from 'zod';

/** What of Chromium's trace is read. Times in microseconds; `tdur` is the time that the thread had the processor. */
const traceEvent = z.object({
  name: z.string(),
  ph: z.string(),
  pid: z.number(),
  tid: z.number(),
  ts: z.number().default(0),
  tdur: z.number().optional(),
  args: z.object({ data: z.object({ type: z.string().optional() }).optional() }).optional(),
});
type TraceEvent = z.infer<typeof traceEvent>;

/** Chromium's trace categories that hold the main thread's tasks, and the events it handles. */
export const categories = ['devtools.timeline', 'disabled-by-default-devtools.timeline'] as const;

/** Tells that a frame is drawn, in the task that does it. */
const draws = 'BeginCommitCompositorFrame';

/** Input that a frame of panning, zooming or dragging answers. */
const moves = ['pointermove', 'wheel'];

export interface MainThreadWork {
  /**
   * Milliseconds of the heaviest frame from each move until the next one, mostly the only one: all work from the task that draws a
   * frame, or handles the move, until the next such task. On a busy machine moves come later than frames.
   */
  readonly frames: readonly number[];
  /** Milliseconds of all work, from the first input on. */
  readonly total: number;
  /** Milliseconds of the longest task of it: nothing can be drawn before it has ended. */
  readonly longest: number;
}

/**
 * Work of a page's main thread: the processor time of its tasks (scripts, style, layout, paint, garbage collection that runs there),
 * so that waiting for a busy machine does not count. Chromium hands a page at most one move a frame, in the task that draws it; whatever
 * the move leads to before the next frame (a task that React schedules, a timer) counts to its frame.
 *
 * @param events of one recording, of all processes; the main thread is the one that handled the most input
 * @param answered input that begins a frame
 */
export function mainThreadWork(events: readonly unknown[], answered: readonly string[] = moves): MainThreadWork {
  const parsed = events.map((event) => traceEvent.parse(event));
  const thread = busiestInputThread(parsed);
  const own = parsed.filter((event) => event.ph === 'X' && threadOf(event) === thread);
  const inputs = own.filter(({ name, args }) => name === 'EventDispatch' && args?.data?.type !== undefined);
  const begin = Math.min(...inputs.map(({ ts }) => ts));
  const tasks = own.filter(({ name }) => name === 'RunTask').sort((a, b) => a.ts - b.ts);
  const moveTimes = inputs.filter(({ args }) => answered.includes(args?.data?.type ?? '')).map(({ ts }) => ts);
  const taskAt = (ts: number): number => tasks.findLastIndex((task) => task.ts <= ts);
  const starts = [...new Set(moveTimes.map(taskAt))].sort((a, b) => a - b);
  const drawn = parsed.filter((event) => event.name === draws && threadOf(event) === thread && event.ts >= begin);
  const bounds = [...new Set([...starts, ...drawn.map(({ ts }) => taskAt(ts))])].sort((a, b) => a - b);
  const sum = (some: readonly TraceEvent[]): number => some.reduce((total, { tdur = 0 }) => total + tdur, 0) / 1000;
  const answering = tasks.slice(tasks.findLastIndex((task) => task.ts <= begin));
  return {
    frames: starts.map((start, i) => {
      const [end = tasks.length] = starts.slice(i + 1);
      const within = bounds.filter((bound) => bound >= start && bound < end);
      return Math.max(...within.map((from, n) => sum(tasks.slice(from, within[n + 1] ?? end))));
    }),
    total: sum(answering),
    longest: Math.max(0, ...answering.map(({ tdur = 0 }) => tdur / 1000)),
  };
}

const threadOf = ({ pid, tid }: TraceEvent): string => `${pid} ${tid}`;

function busiestInputThread(events: readonly TraceEvent[]): string {
  const counts = new Map<string, number>();
  for (const event of events)
    if (event.name === 'EventDispatch') counts.set(threadOf(event), (counts.get(threadOf(event)) ?? 0) + 1);
  const [busiest] = [...counts].sort(([, a], [, b]) => b - a);
  if (busiest === undefined) throw new Error('the trace holds no input: nothing was moved, or Chromium names its events anew');
  return busiest[0];
}

/** The value that a share of the values does not exceed (nearest rank). NaN for none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
