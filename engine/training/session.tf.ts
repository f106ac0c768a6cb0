import * as tf from '@tensorflow/tfjs-core';
import { initializeParameters } from '../compile/initialize.ts';
import { Model } from '../compile/materialize.tf.ts';
import type { Plan } from '../compile/plan.ts';
import { epochBatches, makeBatch } from '../data/batches.ts';
import type { PreparedData } from '../data/dataset.ts';
import type { TrainingSettings } from '../document/training-settings.ts';
import { evaluate } from '../metrics/evaluate.tf.ts';
import { isBetter } from '../metrics/headline.ts';
import type { SplitName } from '../protocol/data.ts';
import type { Evaluation } from '../protocol/runs.ts';
import { Random } from '../random.ts';
import type { NamedTensor } from '../runs/safetensors.ts';
import { type Checkpoint, emptyWindow, type TrainingState, weightsOf } from './checkpoint.ts';
import { yieldToEvents } from './event-loop.ts';
import { chooseLoss, headKind, type Loss } from './loss-kind.ts';
import { Pace } from './pace.ts';
import { afterValidation, initialSchedule, learningRate } from './schedules.ts';
import { type SessionFacts, sessionFacts } from './session-facts.ts';
import type { RunSink } from './sink.ts';
import { balancedWeights } from './target-weights.ts';
import { type StepFigures, TrainStep } from './train-step.tf.ts';
import { describeTrainingError, lossNotFinite } from './training-failure.ts';

export interface SessionOptions {
  readonly plan: Plan;
  readonly data: Pick<PreparedData, 'encoding' | 'splits'>;
  readonly settings: TrainingSettings;
  readonly sink: RunSink;
  /** Where to go on; absent for a new run. */
  readonly resume?: { readonly checkpoint: Checkpoint; readonly best: ReadonlyMap<string, NamedTensor> | null };
}

export type SessionEnd = 'done' | 'paused' | 'stopped';

/** The window and other messages get their turn at least this often, in milliseconds. */
const longestBlock = 12;
const progressInterval = 100;
/** Logged lines a run aims at; a line never covers more than `longestWindow` steps. */
const wantedLines = 2000;
const longestWindow = 20;

/**
 * Trains one run on the active backend, step by step, letting other work in between. Knows no files and no windows: results go
 * to the sink. The same options on the same backend give the same numbers, interrupted or not.
 */
export class TrainingSession {
  /** The live weights. Other work may run them forward between steps. */
  readonly model: Model;
  readonly facts: SessionFacts;
  readonly #options: SessionOptions;
  readonly #loss: Loss;
  readonly #classWeights: Float32Array | null;
  readonly #train: TrainStep;
  readonly #dropout: Random;
  readonly #logEvery: number;
  readonly #pace = new Pace();
  #state: TrainingState;
  #best: ReadonlyMap<string, NamedTensor> | null;
  #wanted: 'paused' | 'stopped' | null = null;
  #pending: { figures: StepFigures; targets: number }[] = [];
  #norm = 0;
  #lastProgress = 0;

  /** @throws UserError `no-training-data`, or `loss-does-not-fit` the head. */
  constructor(options: SessionOptions) {
    const { plan, data, settings, resume } = options;
    this.#options = options;
    this.facts = sessionFacts(data, settings);
    this.#loss = chooseLoss(plan, settings.loss);
    const classes = data.encoding.classes?.length ?? 0;
    this.#classWeights = settings.classWeights === 'balanced' && classes > 0 ? balancedWeights(data.splits.train, classes) : null;
    this.#logEvery = Math.min(longestWindow, Math.max(1, Math.ceil(this.facts.totalSteps / wantedLines)));
    this.#state = resume?.checkpoint.state ?? initialState(settings.seed);
    this.#best = resume?.best ?? null;
    this.#dropout = Random.fromState(this.#state.dropout);
    this.model = new Model(plan, resume ? weightsOf(resume.checkpoint) : initializeParameters(plan, settings.seed));
    this.#train = new TrainStep(this.model, this.#loss, settings, this.#classWeights);
    if (resume) this.#train.optimizer.load(resume.checkpoint.tensors, this.#state.step);
  }

  get state(): TrainingState {
    return this.#state;
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
    try {
      return await this.#run();
    } catch (error) {
      throw describeTrainingError(error, this.#options.settings.batchSize);
    } finally {
      for (const { figures } of this.#pending) figures.dispose();
      this.#pending = [];
    }
  }

  dispose(): void {
    this.model.dispose();
    this.#train.optimizer.dispose();
  }

  async #run(): Promise<SessionEnd> {
    const { settings } = this.#options;
    this.#pace.start(this.#state.seconds);
    while (this.#state.epoch < settings.epochs) {
      if (await this.#runEpoch()) return this.#endEarly();
      const evaluation = await this.#validate();
      if (evaluation === null) return this.#endEarly();
      if (this.#finishEpoch(evaluation)) break;
      await this.#checkpoint();
    }
    await this.#restoreBest();
    await this.#checkpoint();
    this.#report(true);
    return 'done';
  }

  /** @returns whether pausing or stopping was asked for. */
  async #runEpoch(): Promise<boolean> {
    const { settings } = this.#options;
    const batches = this.#batches(this.#state.epoch);
    let lastYield = performance.now();
    while (this.#state.batch < batches.length) {
      if (this.#wanted) return true;
      if (this.#dueInside(settings.checkpointEverySteps)) {
        if ((await this.#validate()) === null) return true;
        await this.#checkpoint();
      }
      const indices = batches[this.#state.batch] ?? new Uint32Array();
      this.#step(indices);
      if (this.#state.step % this.#logEvery === 0) await this.#log();
      this.#report(false);
      if (performance.now() - lastYield > longestBlock) {
        await yieldToEvents();
        lastYield = performance.now();
      }
    }
    await this.#log();
    return this.#wanted !== null;
  }

  #dueInside(every: number | null): boolean {
    const { step, batch, validatedStep } = this.#state;
    return every !== null && step > 0 && batch > 0 && step % every === 0 && validatedStep !== step;
  }

  #step(indices: Uint32Array): void {
    const { data } = this.#options;
    const batch = makeBatch(data.splits.train, indices, data.encoding.facts.features);
    const figures = this.#train.run(batch, this.#rate(), this.#dropout);
    const tokens = batch.lengths.reduce((sum, length) => sum + length, 0);
    const targets = batch.tagTargets ? tokens : batch.classTargets ? batch.rows : 0;
    this.#pending.push({ figures: tf.keep(figures), targets });
    this.#state = {
      ...this.#state,
      step: this.#state.step + 1,
      batch: this.#state.batch + 1,
      dropout: [...this.#dropout.state],
    };
    this.#pace.step(tokens);
  }

  #rate(): number {
    const { step, epoch, schedule } = this.#state;
    return learningRate(this.#options.settings, schedule, step, epoch, this.facts.totalSteps);
  }

  /** Reads the figures of the steps since the last read, all at once: the device is not waited for at every step. */
  async #collect(): Promise<void> {
    const pending = this.#pending;
    if (pending.length === 0) return;
    this.#pending = [];
    const joined = tf.concat(pending.map(({ figures }) => figures));
    for (const { figures } of pending) figures.dispose();
    const values = await joined.data();
    joined.dispose();
    const { step, epoch } = this.#state;
    const window = { ...this.#state.window };
    pending.forEach(({ targets }, i) => {
      const loss = values[i * 3] ?? Number.NaN;
      if (!Number.isFinite(loss)) {
        throw lossNotFinite(loss, step - pending.length + i + 1, epoch, this.#rate(), this.#options.settings.clipNorm);
      }
      window.lossSum += loss;
      window.steps += 1;
      window.correct += values[i * 3 + 1] ?? 0;
      window.targets += targets;
      this.#norm = values[i * 3 + 2] ?? 0;
    });
    this.#state = { ...this.#state, window };
  }

  async #log(): Promise<void> {
    await this.#collect();
    const { window, step } = this.#state;
    if (window.steps === 0) return;
    const tokensPerSecond = this.#pace.tokensPerSecond;
    this.#state = { ...this.#state, window: emptyWindow };
    await this.#options.sink.metrics({
      step,
      epoch: step / this.facts.stepsPerEpoch,
      seconds: this.#pace.seconds,
      split: 'train',
      values: {
        loss: window.lossSum / window.steps,
        ...(window.targets > 0 ? { accuracy: window.correct / window.targets } : {}),
      },
      learningRate: this.#rate(),
      gradientNorm: this.#norm,
      ...(tokensPerSecond === null ? {} : { tokensPerSecond }),
    });
  }

  #evaluate(split: SplitName): Promise<Evaluation | null> {
    const { data, plan, settings } = this.#options;
    return evaluate(this.model, {
      data,
      split,
      head: headKind(plan),
      loss: this.#loss,
      timeReduction: settings.timeReduction,
      classWeights: this.#classWeights,
      batchSize: settings.batchSize,
      step: this.#state.step,
      cancelled: () => this.#wanted === 'paused',
    });
  }

  /** @returns `null` when it was cut short by a pause; it is then done again on resuming. */
  async #validate(): Promise<Evaluation | null> {
    const { sink } = this.#options;
    await this.#collect();
    const evaluation = await this.#pace.validation(() => this.#evaluate(this.facts.validationSplit));
    if (evaluation === null) return null;
    const { step } = this.#state;
    const { values } = evaluation;
    this.#state = { ...this.#state, validation: values, validatedStep: step };
    await sink.metrics({
      step,
      epoch: step / this.facts.stepsPerEpoch,
      seconds: this.#pace.seconds,
      split: evaluation.split,
      values,
    });
    await sink.evaluation(evaluation);
    await this.#keepBest(evaluation);
    this.#report(true);
    return evaluation;
  }

  async #keepBest(evaluation: Evaluation): Promise<void> {
    const { best, step } = this.#state;
    const value = evaluation.values[this.facts.headline.metric] ?? Number.NaN;
    const loss = evaluation.values['loss'] ?? Number.NaN;
    const better =
      best === null || isBetter(this.facts.headline, value, best.value) || (value === best.value && loss < best.loss);
    if (!better) return;
    this.#state = { ...this.#state, best: { step, value, loss } };
    this.#best = await this.model.read();
    await this.#options.sink.best(this.#best, evaluation, step);
  }

  /** @returns whether training stops early. */
  #finishEpoch(evaluation: Evaluation): boolean {
    const { settings } = this.#options;
    const { schedule, patience, epoch } = this.#state;
    const loss = evaluation.values['loss'] ?? Number.NaN;
    const improved = patience.best === null || loss < patience.best;
    const next = improved ? { best: loss, stale: 0 } : { ...patience, stale: patience.stale + 1 };
    this.#state = {
      ...this.#state,
      schedule: { ...afterValidation(settings, schedule, loss) },
      patience: next,
      epoch: epoch + 1,
      batch: 0,
    };
    return settings.earlyStoppingPatience !== null && next.stale >= settings.earlyStoppingPatience;
  }

  /** The last evaluation shown is that of the weights that are kept. */
  async #restoreBest(): Promise<void> {
    const { best, step } = this.#state;
    if (best === null || this.#best === null || best.step === step) return;
    const last = await this.model.read();
    this.model.assign(this.#best);
    const evaluation = await this.#evaluate(this.facts.validationSplit);
    if (evaluation) await this.#options.sink.evaluation({ ...evaluation, step: best.step });
    this.model.assign(last);
  }

  async #endEarly(): Promise<SessionEnd> {
    const wanted = this.#wanted ?? 'paused';
    await this.#collect();
    if (wanted === 'stopped' && this.#state.best === null) await this.#validate();
    await this.#checkpoint();
    this.#report(true);
    return wanted;
  }

  async #checkpoint(): Promise<void> {
    await this.#collect();
    this.#state = { ...this.#state, seconds: this.#pace.seconds };
    const tensors = new Map([...(await this.model.read()), ...(await this.#train.optimizer.read())]);
    await this.#options.sink.checkpoint({ state: this.#state, tensors });
  }

  #report(force: boolean): void {
    const now = performance.now();
    if (!force && now - this.#lastProgress < progressInterval) return;
    this.#lastProgress = now;
    const { step, best, validation } = this.#state;
    const { stepsPerEpoch, totalSteps } = this.facts;
    const stepsLeft = totalSteps - step;
    this.#options.sink.progress({
      epoch: step / stepsPerEpoch,
      step,
      totalSteps,
      seconds: this.#pace.seconds,
      best: best && { step: best.step, value: best.value },
      validation,
      tokensPerSecond: this.#pace.tokensPerSecond,
      secondsLeft: this.#pace.secondsLeft(stepsLeft, Math.ceil(stepsLeft / stepsPerEpoch)),
      memoryBytes: tf.memory().numBytes,
    });
  }

  #batches(epoch: number): Uint32Array[] {
    const { data, settings } = this.#options;
    return epochBatches(data.splits.train, { batchSize: settings.batchSize, seed: settings.seed, epoch, shuffle: true });
  }
}

function initialState(seed: number): TrainingState {
  return {
    step: 0,
    epoch: 0,
    batch: 0,
    seconds: 0,
    dropout: [...new Random(seed, 'dropout').state],
    schedule: { ...initialSchedule },
    patience: { best: null, stale: 0 },
    best: null,
    validation: null,
    validatedStep: -1,
    window: emptyWindow,
  };
}
