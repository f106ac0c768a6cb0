import { UserError } from '../protocol/envelope.ts';
import type { Array32 } from './arrays.tf.ts';
import type { Subject } from './subject.ts';
import type { KeptTrace } from './trace.tf.ts';

/** The last traces by their names, so many bytes of them with their models' weights; those used last go last. */
export class TraceStore {
  readonly #mostBytes: number;
  readonly #traces = new Map<string, KeptTrace>();
  readonly #using = new Map<Subject, number>();
  #made = 0;

  constructor(mostBytes = 512 * 1024 * 1024) {
    this.#mostBytes = mostBytes;
  }

  /** Takes over the trace's subject too: its model is disposed when its last trace goes. @returns the trace's name */
  add(trace: KeptTrace): string {
    this.#made += 1;
    const id = `trace-${this.#made}`;
    this.#traces.set(id, trace);
    for (const oldest of this.#traces.keys()) {
      if (oldest === id || this.#bytes() <= this.#mostBytes) break;
      this.forget(oldest);
    }
    return id;
  }

  /** @throws UserError `no-trace` */
  get(id: string): KeptTrace {
    const trace = this.#traces.get(id);
    if (trace === undefined) {
      throw new UserError({ code: 'no-trace', message: 'This trace is no longer kept.', hint: 'Look at the example again.' });
    }
    this.#traces.delete(id);
    this.#traces.set(id, trace);
    return trace;
  }

  /** Work with a trace that may wait: its model lives until it is done. @throws UserError `no-trace` */
  async use<T>(id: string, work: (trace: KeptTrace) => Promise<T>): Promise<T> {
    const trace = this.get(id);
    return this.using(trace.subject, () => work(trace));
  }

  /** Work with a subject that may wait: its model lives until it is done, and goes then where no trace has it. */
  async using<T>(subject: Subject, work: () => Promise<T>): Promise<T> {
    this.#using.set(subject, (this.#using.get(subject) ?? 0) + 1);
    try {
      return await work();
    } finally {
      this.#using.set(subject, (this.#using.get(subject) ?? 1) - 1);
      this.#free(subject);
    }
  }

  /** A subject of a kept trace, so that traces of the same weights share them. */
  subject(is: (subject: Subject) => boolean): Subject | null {
    for (const { subject } of this.#traces.values()) if (is(subject)) return subject;
    return null;
  }

  forget(id: string): void {
    const trace = this.#traces.get(id);
    if (trace === undefined) return;
    this.#traces.delete(id);
    this.#free(trace.subject);
  }

  /** Disposes a model that nothing needs any more. */
  #free(subject: Subject): void {
    if ((this.#using.get(subject) ?? 0) > 0 || this.subject((one) => one === subject) !== null) return;
    this.#using.delete(subject);
    subject.model.dispose();
  }

  #bytes(): number {
    const subjects = new Set([...this.#traces.values()].map(({ subject }) => subject));
    const weights = [...subjects].flatMap(({ model }) => [...model.variables.values()]);
    return (
      weights.reduce((sum, { size }) => sum + 4 * size, 0) +
      [...this.#traces.values()].reduce((sum, trace) => sum + bytesOf(trace), 0)
    );
  }
}

function bytesOf({ outputs, recurrences, attention, logits }: KeptTrace): number {
  const arrays: Array32[] = [
    logits,
    ...outputs.map(({ values }) => values),
    ...recurrences.flatMap(({ values }) => [...values.values()]),
    ...attention.values(),
  ];
  return arrays.reduce((sum, { data }) => sum + data.byteLength, 0);
}
