import type { HeadKind, Loss } from '../compile/loss-kind.ts';
import { targetAxis } from '../data/batches.ts';
import type { Batch, DataEncoding } from '../data/dataset.ts';
import { hasTokenTargets } from '../data/dataset.ts';
import { decodeNumbers } from '../data/encode.ts';
import { classCount, largestIndex, logOdds, logProbabilities } from '../decode/log-probabilities.ts';
import type { Evaluation, MetricValues } from '../protocol/runs.ts';
import { ClassCounts } from './class-counts.ts';
import { EntityCounts, tagScheme } from './entities.ts';
import { NumberErrors } from './number-errors.ts';
import { RankedScores } from './ranked-scores.ts';
import { textFigures } from './text-figures.ts';

/** What the model says of one row of a batch; padding left out. */
export interface RowPrediction {
  /** Class or tag ids, one per target; empty for numbers. */
  readonly ids: readonly number[];
  readonly confidence: readonly number[];
  /** In the data's units; empty for classes. */
  readonly numbers: readonly number[];
}

export interface SplitMetricsOptions {
  readonly encoding: DataEncoding;
  readonly head: HeadKind;
  readonly loss: Loss;
  readonly timeReduction: 'mean' | 'sum';
  readonly classWeights: Float32Array | null;
}

type Result = Pick<Evaluation, 'values' | 'classes' | 'confusion' | 'series'>;

/**
 * Metrics of a whole split from its batches' logits, whatever the batches' sizes and padding. The loss is the one that is
 * trained on, class weights and reduction over time included, taken over the split as if it were one batch. In every other figure
 * each target counts once: `perplexity` is `e^log-loss`, and `log-loss` is given where the loss is another number.
 */
export class SplitMetrics {
  readonly #options: SplitMetricsOptions;
  /** `null` for numbers, and where the classes are the tokens of a vocabulary: a table of thousands of them says nothing. */
  readonly #classes: ClassCounts | null;
  readonly #entities: EntityCounts | null;
  /** Of two classes. */
  readonly #ranked: RankedScores | null;
  readonly #numbers = new NumberErrors();
  #lossSum = 0;
  #lossWeight = 0;
  #logLoss = 0;
  #targets = 0;
  #right = 0;
  #rows = 0;
  #perStep = false;

  constructor(options: SplitMetricsOptions) {
    this.#options = options;
    const { binding, classes } = options.encoding;
    const names = hasTokenTargets(options.encoding) ? null : classes;
    this.#classes = names && new ClassCounts(names);
    this.#ranked = names?.length === 2 ? new RankedScores() : null;
    const scheme = names && binding.task === 'step-tagging' ? tagScheme(names) : null;
    this.#entities = names && scheme && new EntityCounts(names, scheme);
  }

  /** @param logits of the batch: `[T, B, C]` (`[U, B, C]` over target sequences), `[B, C]` or `[B, K]`, flat */
  add(batch: Batch, logits: ArrayLike<number>): RowPrediction[] {
    this.#rows += batch.rows;
    return Array.from({ length: batch.rows }, (_, row) => {
      if (batch.numberTargets) return this.#addNumbers(batch, logits, row, batch.numberTargets);
      return this.#addClasses(batch, logits, row);
    });
  }

  #addClasses(batch: Batch, logits: ArrayLike<number>, row: number): RowPrediction {
    const { head, classWeights } = this.#options;
    const perStep = batch.tagTargets !== null;
    this.#perStep = perStep;
    const targets = batch.tagTargets ?? batch.classTargets ?? new Int32Array();
    const axis = targetAxis(batch);
    const positions = perStep ? axis.steps * batch.rows : batch.rows;
    const scratch = new Float64Array(classCount(head, logits.length / positions));
    const ids: number[] = [];
    const real: number[] = [];
    const confidence: number[] = [];
    for (let t = 0; t < (perStep ? (axis.lengths[row] ?? 0) : 1); t++) {
      const at = t * batch.rows + row;
      const target = targets[at] ?? 0;
      const log = logProbabilities(head, logits, at, scratch);
      const predicted = largestIndex(log);
      const weight = classWeights?.[target] ?? 1;
      const term = -(log[target] ?? Number.NaN);
      this.#lossSum += weight * term;
      this.#lossWeight += weight;
      this.#logLoss += term;
      this.#targets += 1;
      this.#right += target === predicted ? 1 : 0;
      this.#classes?.add(target, predicted);
      this.#ranked?.add(target === 1, logOdds(head, logits, at));
      ids.push(predicted);
      real.push(target);
      confidence.push(Math.exp(log[predicted] ?? 0));
    }
    this.#entities?.add(real, ids);
    return { ids, confidence, numbers: [] };
  }

  #addNumbers(batch: Batch, values: ArrayLike<number>, row: number, targets: Float32Array): RowPrediction {
    const width = targets.length / batch.rows;
    const said = Array.from({ length: width }, (_, k) => values[row * width + k] ?? Number.NaN);
    const real = targets.subarray(row * width, (row + 1) * width);
    said.forEach((value, k) => {
      this.#lossSum += (value - (real[k] ?? 0)) ** 2;
      this.#lossWeight += 1;
    });
    const normalization = this.#options.encoding.targetNormalization;
    const numbers = normalization ? decodeNumbers(normalization, said) : said;
    this.#numbers.add(normalization ? decodeNumbers(normalization, real) : real, numbers);
    return { ids: [], confidence: [], numbers };
  }

  result(): Result {
    const { encoding } = this.#options;
    if (encoding.classes === null) {
      return {
        values: { loss: this.#loss(), ...this.#numbers.values() },
        classes: [],
        confusion: null,
        series: this.#numbers.series(),
      };
    }
    if (this.#classes === null) {
      const accuracy = this.#right / Math.max(1, this.#targets);
      const values = { ...this.#losses(), accuracy, ...textFigures(encoding, this.#meanLogLoss) };
      return { values, classes: [], confusion: null, series: null };
    }
    const values: MetricValues = { ...this.#losses(), ...this.#classes.values(), ...this.#ranked?.values() };
    if (this.#entities) {
      const { precision, recall, f1 } = this.#entities.scores();
      Object.assign(values, { 'entity-precision': precision, 'entity-recall': recall, 'entity-f1': f1 });
    }
    if (encoding.binding.task === 'step-tagging') values['perplexity'] = Math.exp(this.#meanLogLoss);
    return { values, classes: this.#classes.classes(), confusion: this.#classes.confusion(), series: null };
  }

  /** Mean of `-ln p(target)` over the targets, each counting once. */
  get #meanLogLoss(): number {
    return this.#logLoss / Math.max(1, this.#targets);
  }

  #losses(): MetricValues {
    const { classWeights, timeReduction } = this.#options;
    const plain = classWeights === null && !(timeReduction === 'sum' && this.#perStep);
    return { loss: this.#loss(), ...(plain ? {} : { 'log-loss': this.#meanLogLoss }) };
  }

  #loss(): number {
    const { loss, timeReduction } = this.#options;
    if (this.#rows === 0) return 0;
    const perSequence = timeReduction === 'sum' && this.#perStep;
    const mean = this.#lossSum / (perSequence ? this.#rows : Math.max(this.#lossWeight, Number.MIN_VALUE));
    return loss === 'rmse' ? Math.sqrt(mean + 1e-12) : mean;
  }
}
