import { activateBest } from '../backends/choose.tf.ts';
import { Model } from '../compile/materialize.tf.ts';
import { emptySplit } from '../data/empty-split.ts';
import { exampleInput } from '../data/examples.ts';
import type { SplitName } from '../document/split-names.ts';
import type { NamedTensor } from '../files/safetensors.ts';
import { describeTrace } from '../inspect/describe-trace.ts';
import type { Example } from '../inspect/example.ts';
import { exampleOf, exampleOfSplit } from '../inspect/example.ts';
import type { Hold } from '../inspect/holds/hold.ts';
import { holdsFrom } from '../inspect/holds/hold-watch.tf.ts';
import { checkHolds } from '../inspect/holds/what-if.tf.ts';
import type { ReadPlace } from '../inspect/read-states.tf.ts';
import { sampleStates } from '../inspect/sample-states.ts';
import type { StateSample } from '../inspect/state-sample.ts';
import type { Subject } from '../inspect/subject.ts';
import { type KeptTrace, traceExample } from '../inspect/trace.tf.ts';
import { TraceStore } from '../inspect/trace-store.ts';
import { evaluate } from '../metrics/evaluate.tf.ts';
import { headlineMetric } from '../metrics/headline.ts';
import { readInputFile } from '../predict/input-file.ts';
import { type ReadInput, readSeries, readText } from '../predict/predict.tf.ts';
import { greedySettings, predictSequence } from '../predict/predict-sequence.tf.ts';
import { loadTrainedRun } from '../predict/trained-run.ts';
import type { MethodResult } from '../protocol/contract.ts';
import { UserError } from '../protocol/envelope.ts';
import type { InspectedInput, InspectedWeights, Trace } from '../protocol/inspect.ts';
import type { Evaluation } from '../protocol/runs.ts';
import { judgedBy } from '../training/judged-by.ts';
import type { RunManager } from './run-manager.ts';

interface TraceOptions {
  readonly run: string;
  readonly input: InspectedInput;
  readonly weights: InspectedWeights;
  readonly target?: string | undefined;
}

interface HeldOptions {
  readonly holds: readonly Hold[];
  readonly split: SplitName;
  /** At most. */
  readonly examples: number;
}

type HeldFigures = MethodResult<'inspect.whatIfSplit'>;

interface SampledOptions extends ReadPlace {
  readonly run: string;
  readonly weights: InspectedWeights;
  readonly split: SplitName;
  readonly examples: number;
}

/** Looks inside the models of runs: of kept ones, and of one that trains as it is at this moment. */
export class RunInspections {
  readonly traces = new TraceStore();
  readonly #manager: RunManager;
  /** Figures without anything held, by split and how much of it: they are the same for whatever is held next. */
  readonly #plain = new WeakMap<Subject, ReadonlyMap<string, Evaluation['values']>>();

  constructor(manager: RunManager) {
    this.#manager = manager;
  }

  /** @throws UserError as `loadTrainedRun`, `readText`, `readSeries`, `readInputFile` and `exampleOf`; `not-training` for live weights */
  async trace({ run, input, weights, target }: TraceOptions): Promise<Trace> {
    const subject = await this.#subject(run, weights);
    return this.traces.using(subject, async () => {
      const trace = await traceExample(subject, await this.#example(subject, input, target ?? null));
      return describeTrace(this.traces.add(trace), trace);
    });
  }

  /** @throws UserError as `loadTrainedRun` and `sampleStates`; `not-training` for live weights */
  async sample(
    { run, weights, split, examples, ...place }: SampledOptions,
    onProgress: (done: number, of: number) => void,
    signal: AbortSignal,
  ): Promise<StateSample> {
    const subject = await this.#subject(run, weights);
    return this.traces.using(subject, async () => {
      const { splits } = await this.#manager.dataOf(subject.encoding);
      return sampleStates(subject, { split, encoded: splits[split], examples, place, onProgress, signal });
    });
  }

  /** Weights of an earlier moment of a run. @throws UserError as `RunFolder.weightsAt` */
  readonly weightsAt = (run: string, step: number): Promise<ReadonlyMap<string, NamedTensor>> =>
    this.#manager.folder(run).weightsAt(step);

  /**
   * Figures over examples of a split, without what is held and with it; `null` when cancelled.
   *
   * @throws UserError `empty-split`, or as `checkHolds`
   */
  async heldFigures(
    { subject, recurrences }: KeptTrace,
    { holds, split, examples }: HeldOptions,
    onProgress: (done: number, of: number) => void,
    signal: AbortSignal,
  ): Promise<HeldFigures | null> {
    checkHolds({ recurrences }, holds);
    const { model, encoding } = subject;
    const data = await this.#manager.dataOf(encoding);
    const { count } = data.splits[split];
    const most = Math.min(examples, count);
    if (most === 0) throw emptySplit(split);
    const { training } = (await this.#manager.folder(subject.run).read()).document;
    const judged = { ...judgedBy(model.plan, data, training), split, most, step: subject.step, cancelled: () => signal.aborted };
    const known = this.#plain.get(subject)?.get(`${split} ${most}`);
    const [first, passes] = known === undefined ? [most, 2 * most] : [0, most];
    const plain = known ?? (await evaluate(model, { ...judged, onProgress: (done) => onProgress(done, passes) }))?.values;
    if (plain === undefined) return null;
    this.#plain.set(subject, new Map([...(this.#plain.get(subject) ?? []), [`${split} ${most}`, plain]]));
    const told = (done: number): void => onProgress(first + done, passes);
    const after = await evaluate(model, { ...judged, watchAt: holdsFrom(holds), onProgress: told });
    if (after === null) return null;
    const figures = Object.entries(plain).map(([name, before]) => ({ name, before, after: after.values[name] ?? Number.NaN }));
    return { split, examples: most, of: count, headline: headlineMetric(encoding).metric, figures };
  }

  async #example(subject: Subject, input: InspectedInput, target: string | null): Promise<Example> {
    if (input.kind !== 'example' || target !== null) {
      const read = await this.#read(subject, input);
      const says = subject.encoding.binding.task === 'sequence-to-sequence' && target === null;
      const [said] = says ? await predictSequence(subject, read, greedySettings) : [];
      return exampleOf(subject.encoding, read, target, said ?? null);
    }
    const { encoding } = subject;
    const { splits } = await this.#manager.dataOf(encoding);
    return exampleOfSplit(encoding, splits[input.split], input.index);
  }

  async #read({ encoding }: Subject, input: InspectedInput): Promise<ReadInput> {
    switch (input.kind) {
      case 'text':
        return readText(encoding, input.text);
      case 'series':
        return readSeries(encoding, input.rows);
      case 'file':
        return withoutWords(readSeries(encoding, await readInputFile(encoding, input.path)));
      case 'example': {
        const raw = await exampleInput(encoding.binding, input.split, input.index);
        if (raw.kind === 'series') return withoutWords(readSeries(encoding, raw.steps));
        return readText(encoding, raw.kind === 'text' ? raw.text : raw.tokens.join(' '));
      }
    }
  }

  /** A model with weights that stay as they are; traces of the same weights share it. */
  async #subject(run: string, weights: InspectedWeights): Promise<Subject> {
    const live = this.#manager.live(run);
    if (weights === 'live') {
      if (live === null) return this.#fromWindow(run);
      const { model, state } = live.session;
      const { step } = state;
      const shared = this.#shared(run, weights, step);
      if (shared !== null) return shared;
      const { training } = (await this.#manager.folder(run).read()).document;
      // Its weights and their step at one moment: the run goes on, or ends, at any wait.
      if (this.#manager.live(run)?.session !== live.session) throw notTraining;
      const reading = model.read();
      const at = live.session.state.step;
      return { run, weights, step: at, model: new Model(model.plan, await reading), encoding: live.encoding, training };
    }
    const folder = this.#manager.folder(run);
    // The best that are kept are not read from disk again, while they are the best.
    const best = weights === 'best' ? (await folder.read()).summary.best : null;
    const known = typeof weights === 'object' ? weights : best;
    const kept = known && this.#shared(run, weights, known.step);
    if (kept !== null) return kept;
    const trained = await loadTrainedRun(folder, weights);
    const shared = this.#shared(run, weights, trained.step);
    if (shared !== null) return shared;
    // A run that trains has chosen the device; changing it under the run would move its tensors.
    if (!this.#manager.isTraining) await activateBest();
    const { document, encoding, plan, step } = trained;
    return { run, weights, step, model: new Model(plan, trained.weights), encoding, training: document.training };
  }

  /** Live weights of a run that trains in a window: the engine's own device is free for it. */
  async #fromWindow(run: string): Promise<Subject> {
    const handed = await this.#manager.windowWeights(run);
    if (handed === null) throw notTraining;
    const { step, plan, weights, encoding } = handed;
    const { training } = (await this.#manager.folder(run).read()).document;
    const shared = this.#shared(run, 'live', step);
    return shared ?? { run, weights: 'live', step, model: new Model(plan, weights), encoding, training };
  }

  #shared(run: string, weights: InspectedWeights, step: number): Subject | null {
    const kind = kindOf(weights);
    return this.traces.subject((one) => one.run === run && kindOf(one.weights) === kind && one.step === step);
  }
}

const kindOf = (weights: InspectedWeights): string => (typeof weights === 'object' ? 'kept' : weights);

/** Thousands of numbers are no words. */
const withoutWords = (input: ReadInput): ReadInput => ({ ...input, words: input.words.map(() => '') });

const notTraining = new UserError({
  code: 'not-training',
  message: 'This run does not train now, or has not begun to: it has no live weights.',
  hint: 'Look at its best or its last ones.',
});
