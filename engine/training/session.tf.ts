import * as tf from '@tensorflow/tfjs-core';
import { initializeParameters } from '../compile/initialize.ts';
import { Model } from '../compile/materialize.tf.ts';
import type { Plan } from '../compile/plan.ts';
import { RunningStates } from '../compile/running-states.tf.ts';
import { type BatchPlan, type BatchSource, batchesOnDemand } from '../data/ahead/batch-source.ts';
import { realSteps, targetAxis } from '../data/batches.ts';
import type { Batch, PreparedData } from '../data/dataset.ts';
import type { SplitName } from '../document/split-names.ts';
import type { TrainingSettings } from '../document/training-settings.ts';
import { yieldToEvents } from '../event-loop.ts';
import type { NamedTensor } from '../files/safetensors.ts';
import { takeComposed } from '../kernels/composed-cells.ts';
import { evaluate } from '../metrics/evaluate.tf.ts';
import type { UserError } from '../protocol/envelope.ts';
import type { Evaluation, MetricValues } from '../protocol/runs.ts';
import type { TrainingState } from '../protocol/training-state.ts';
import { Random } from '../random.ts';
import { type Checkpoint, weightsOf } from '../runs/checkpoint.ts';
import { createUpdateStep } from './gradient-free/create-step.tf.ts';
import type { HealthProbe } from './health/health-probe.tf.ts';
import { HealthWatch } from './health/health-watch.tf.ts';
import { type JudgedBy, judgedBy } from './judged-by.ts';
import { Ledger } from './ledger.ts';
import { Pace } from './pace.ts';
import { PendingFigures } from './pending-figures.tf.ts';
import { Reporter } from './reporter.ts';
import { type SessionFacts, sessionFacts } from './session-facts.ts';
import type { RunSink } from './sink.ts';
import type { UpdateStep } from './train-step.tf.ts';
import { describeTrainingError, notFinite } from './training-failure.ts';

export interface SessionOptions {
  readonly plan: Plan;
  readonly data: Pick<PreparedData, 'encoding' | 'splits'>;
  readonly settings: TrainingSettings;
  readonly sink: RunSink;
  /** Who makes the batches; absent: each is made when its step begins. */
  readonly batches?: (plan: BatchPlan) => BatchSource;
  /** What a new run starts with; absent: it draws them itself. Emptied once they are taken. */
  readonly initial?: Map<string, NamedTensor>;
  /** Where to go on; absent for a new run. */
  readonly resume?: { readonly checkpoint: Checkpoint; readonly best: ReadonlyMap<string, NamedTensor> | null };
}

export type SessionEnd = 'done' | 'paused' | 'stopped';

/** The window and other messages get their turn at least this often, in milliseconds. */
const longestBlock = 12;

/**
 * Trains one run on the active backend, step by step, letting other work in between. Knows no files and no windows: results go
 * to the sink. The same options on the same backend give the same numbers, interrupted or not.
 */
export class TrainingSession {
  /** The live weights. Other work may run them forward between steps. */
  readonly model: Model;
  readonly facts: SessionFacts;
  readonly #options: SessionOptions;
  readonly #judged: JudgedBy;
  readonly #ledger: Ledger;
  readonly #pace = new Pace();
  readonly #report: Reporter;
  readonly #train: UpdateStep;
  readonly #dropout: Random;
  /** `null` where it is switched off, or no gradient is followed. */
  readonly #health: HealthWatch | null;
  readonly #pending = new PendingFigures();
  /** Of a running text; `null` where every batch starts afresh. */
  readonly #running: RunningStates | null;
  #best: ReadonlyMap<string, NamedTensor> | null;
  #wanted: 'paused' | 'stopped' | null = null;
  #norm = 0;
  #others: MetricValues = {};

  /** @throws UserError `no-training-data`, or `loss-does-not-fit` the head. */
  constructor(options: SessionOptions) {
    const { plan, data, settings, sink, resume, initial } = options;
    this.#options = options;
    this.facts = sessionFacts(data, settings);
    this.#judged = judgedBy(plan, data, settings);
    this.#ledger = new Ledger(settings, this.facts, resume?.checkpoint.state ?? null);
    this.#report = new Reporter(sink, this.#ledger, this.#pace, this.facts);
    this.#best = resume?.best ?? null;
    this.#dropout = Random.fromState(this.state.dropout);
    this.model = new Model(plan, resume ? weightsOf(resume.checkpoint) : (initial ?? initializeParameters(plan, settings.seed)));
    this.#train = createUpdateStep(this.model, this.#judged.loss, settings, this.#judged.classWeights);
    this.#health = settings.health && this.#train.descends ? new HealthWatch(plan) : null;
    this.#running = data.splits.train.running === true && settings.carryState ? new RunningStates() : null;
    if (resume) {
      this.#train.optimizer.load(resume.checkpoint.tensors, this.state.step);
      this.#running?.load(resume.checkpoint.tensors);
    }
  }

  get state(): TrainingState {
    return this.#ledger.state;
  }

  /** Saves a checkpoint after the step under way and ends `run` with 'paused'. */
  pause(): void {
    this.#wanted ??= 'paused';
  }

  /** As `pause`, and makes sure that the run has been validated at least once. */
  stop(): void {
    this.#wanted = 'stopped';
  }

  /** @throws UserError `loss-not-finite`, `out-of-memory`, or what the sink rejects with. */
  async run(): Promise<SessionEnd> {
    const batches = this.#batches();
    try {
      return await this.#run(batches);
    } catch (error) {
      throw describeTrainingError(error, this.#options.settings.batchSize);
    } finally {
      await batches.close();
      this.#pending.dispose();
    }
  }

  dispose(): void {
    this.model.dispose();
    this.#train.optimizer.dispose();
    this.#running?.reset();
  }

  #batches(): BatchSource {
    const { data, settings, batches = batchesOnDemand } = this.#options;
    const { epoch, batch } = this.state;
    const { batchSize, seed, epochs } = settings;
    const { features } = data.encoding.facts;
    return batches({ split: data.splits.train, features, batchSize, seed, epochs, from: { epoch, batch } });
  }

  async #run(batches: BatchSource): Promise<SessionEnd> {
    this.#pace.start(this.state.seconds);
    while (this.state.epoch < this.#options.settings.epochs) {
      if (await this.#runEpoch(batches)) return this.#endEarly();
      const evaluation = await this.#validate();
      if (evaluation === null) return this.#endEarly();
      if (this.#ledger.endEpoch(evaluation.values)) break;
      await this.#checkpoint();
    }
    await this.#judgeBest();
    await this.#checkpoint();
    this.#progress(true);
    return 'done';
  }

  /** @returns whether pausing or stopping was asked for. */
  async #runEpoch(batches: BatchSource): Promise<boolean> {
    let lastYield = performance.now();
    while (this.state.batch < this.facts.stepsPerEpoch) {
      if (this.#wanted) return true;
      if (this.#ledger.checkpointDue) {
        if ((await this.#validate()) === null) return true;
        await this.#checkpoint();
      }
      await this.#step(await batches.next());
      if (this.#report.lineDue) await this.#log();
      this.#progress(false);
      if (performance.now() - lastYield > longestBlock) {
        await yieldToEvents();
        lastYield = performance.now();
      }
    }
    await this.#log();
    return this.#wanted !== null;
  }

  async #step(batch: Batch): Promise<void> {
    if (this.state.batch === 0) this.#running?.reset();
    this.#running?.begin(batch.rows);
    const { learningRate, ownTokens } = this.#ledger;
    const run = (probe?: HealthProbe): ReturnType<UpdateStep['run']> =>
      this.#train.run(batch, learningRate, this.#dropout, this.#running ?? undefined, ownTokens, probe);
    const figures = await (this.#health === null ? run() : this.#health.around(this.state.step, batch.steps, run));
    this.#running?.advance();
    const targets = realSteps(targetAxis(batch));
    const tokens = realSteps(batch) + (batch.target ? targets : 0);
    this.#pending.add(figures, batch.tagTargets ? targets : batch.classTargets ? batch.rows : 0);
    this.#ledger.stepped(this.#dropout.state);
    this.#pace.step(tokens);
    for (const note of takeComposed()) await this.#options.sink.note(note);
  }

  async #collect(): Promise<void> {
    const read = await this.#pending.read();
    const { step } = this.state;
    for (const [i, { loss, correct, targets, gradientNorm, others }] of read.entries()) {
      if (!Number.isFinite(loss)) throw await this.#diverged(loss, gradientNorm, step - read.length + i + 1);
      this.#ledger.counted(loss, correct, targets);
      this.#norm = gradientNorm;
      this.#others = Object.fromEntries(this.#train.figureNames.map((name, n) => [name, others[n] ?? 0]));
    }
  }

  /** The curves go on to the step where it happened. */
  async #diverged(loss: number, gradientNorm: number, at: number): Promise<UserError> {
    const followed = this.#train.descends;
    const before = this.#ledger.takeWindow();
    if (before)
      await this.#report.trained({ ...before, ...this.#others }, followed ? this.#norm : null, {
        step: at - 1,
        health: this.#health?.take() ?? null,
      });
    await this.#report.trained({ loss }, followed ? gradientNorm : null, { step: at });
    this.#progress(true);
    return notFinite({ what: 'loss', value: loss, step: at }, this.#settingsNow);
  }

  get #settingsNow(): Parameters<typeof notFinite>[1] {
    const { epoch } = this.state;
    return { epoch, learningRate: this.#ledger.learningRate, clipNorm: this.#options.settings.clipNorm };
  }

  /** Weights that are saved can be used: all are numbers. */
  async #readWeights(): Promise<Map<string, NamedTensor>> {
    const weights = await this.model.read();
    for (const { data } of weights.values()) {
      const bad = data.find((value) => !Number.isFinite(value));
      if (bad !== undefined) throw notFinite({ what: 'weights', value: bad, step: this.state.step }, this.#settingsNow);
    }
    return weights;
  }

  async #log(): Promise<void> {
    await this.#collect();
    const values = this.#ledger.takeWindow();
    if (values === null) return;
    const norm = this.#train.descends ? this.#norm : null;
    await this.#report.trained({ ...values, ...this.#others }, norm, { health: this.#health?.take() ?? null });
  }

  #evaluate(split: SplitName, cancelled = () => false): Promise<Evaluation | null> {
    return evaluate(this.model, { ...this.#judged, split, step: this.state.step, cancelled });
  }

  /** @returns `null` when it was cut short by a pause; it is then done again on resuming. */
  async #validate(): Promise<Evaluation | null> {
    await this.#collect();
    const paused = (): boolean => this.#wanted === 'paused';
    const evaluation = await this.#pace.validation(() => this.#evaluate(this.facts.validationSplit, paused));
    if (evaluation === null) return null;
    const better = this.#ledger.validated(evaluation.values);
    await this.#report.validated(evaluation);
    if (better) {
      this.#best = await this.#readWeights();
      await this.#options.sink.best(this.#best, evaluation, this.state.step);
    }
    this.#progress(true);
    return evaluation;
  }

  /**
   * The weights that are kept: their evaluation is the last one shown. They are judged on the test split too, once and after
   * everything has been chosen.
   */
  async #judgeBest(): Promise<void> {
    const { best, step } = this.state;
    if (best === null || this.#best === null) return;
    const tested = this.#options.data.splits.test.count > 0;
    const shown = best.step === step;
    const splits: readonly SplitName[] = [...(shown ? [] : [this.facts.validationSplit]), ...(tested ? (['test'] as const) : [])];
    const last = await this.model.read();
    this.model.assign(this.#best);
    for (const split of splits) {
      const evaluation = await this.#evaluate(split);
      if (evaluation) await this.#options.sink.evaluation({ ...evaluation, step: best.step });
    }
    this.model.assign(last);
  }

  async #endEarly(): Promise<SessionEnd> {
    const wanted = this.#wanted ?? 'paused';
    await this.#collect();
    if (wanted === 'stopped' && this.state.best === null) await this.#validate();
    await this.#checkpoint();
    this.#progress(true);
    return wanted;
  }

  async #checkpoint(): Promise<void> {
    await this.#collect();
    this.#ledger.timed(this.#pace.seconds);
    const carried = (await this.#running?.save()) ?? [];
    const tensors = new Map([...(await this.#readWeights()), ...(await this.#train.optimizer.read()), ...carried]);
    await this.#options.sink.checkpoint({ state: this.state, tensors });
  }

  #progress(force: boolean): void {
    this.#report.progress(force, () => tf.memory().numBytes);
  }
}
