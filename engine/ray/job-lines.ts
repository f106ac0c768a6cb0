import { z } from 'zod';
import { figure } from '../protocol/figure.ts';
import { metricValues } from '../protocol/runs.ts';

/** What a line of a job's output begins with that is meant for the app; `ray_job.py` writes it. */
const mark = '@unroll ';

const step = z.number().int().min(0);
/** Value, loss and step of the weights that are the best so far. */
const best = z.tuple([figure, figure, step]).nullable();
const seconds = { seconds: z.number().min(0) };

/** Each kind of line has a word of its own. Seconds are those since training began in this job. */
export const jobLine = z.union([
  z.object({
    ...seconds,
    started: z.object({ host: z.string(), device: z.string(), versions: z.record(z.string(), z.string()) }),
  }),
  z.object({ ...seconds, waiting: z.object({ workers: z.number(), cpus: z.number(), gpus: z.number() }) }),
  z.object({ ...seconds, examples: z.object({ train: step, validation: step, test: step }) }),
  z.object({ ...seconds, begins: step, best }),
  z.object({ ...seconds, judged: step, split: z.enum(['train', 'validation']), best: z.boolean(), figures: metricValues }),
  z.object({ ...seconds, saved: step, best }),
  z.object({ ...seconds, kept: step }),
  z.object({ ...seconds, test: metricValues }),
  z.object({ ...seconds, stopped: step }),
  z.object({ ...seconds, diverged: step, loss: figure }),
  z.object({ ...seconds, ended: z.enum(['done', 'stopped']) }),
  z.object({ ...seconds, failed: z.object({ code: z.string(), message: z.string() }) }),
  z.object({ ...seconds, epoch: z.number() }),
  z.object({ ...seconds, step, loss: figure, rate: figure }),
]);
export type JobLine = z.infer<typeof jobLine>;

/** Lines of other programs that are kept, for a failure that tells nothing itself. */
const keptWords = 40;

/** Takes a job's output apart, whatever pieces it comes in. */
export class JobOutput {
  readonly #onLine: (line: JobLine) => void;
  #part = '';
  #words: string[] = [];

  constructor(onLine: (line: JobLine) => void) {
    this.#onLine = onLine;
  }

  /** The last lines that others than `train.py` printed. */
  get words(): readonly string[] {
    return this.#words;
  }

  push(text: string): void {
    const lines = (this.#part + text).split('\n');
    this.#part = lines.pop() ?? '';
    for (const line of lines) this.#line(line);
  }

  /** The output begins anew. */
  restart(): void {
    this.#part = '';
    this.#words = [];
  }

  #line(line: string): void {
    const at = line.indexOf(mark);
    const found = at < 0 ? null : parseLine(line.slice(at + mark.length));
    if (found !== null) this.#onLine(found);
    else if (line.trim() !== '' && at < 0) this.#words = [...this.#words, line.trimEnd()].slice(-keptWords);
  }
}

/** `null` for what is no line of a job's, or of a newer version's. */
export function parseLine(text: string): JobLine | null {
  try {
    return jobLine.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
