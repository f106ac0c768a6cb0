import { activateBest } from '../backends/choose.tf.ts';
import { compilePlan } from '../compile/compile-plan.ts';
import { Model } from '../compile/materialize.tf.ts';
import type { Plan } from '../compile/plan.ts';
import type { DataEncoding } from '../data/dataset.ts';
import type { UnrollDocument } from '../document/schema.ts';
import { evaluate } from '../metrics/evaluate.tf.ts';
import type { SplitName } from '../protocol/data.ts';
import { UserError } from '../protocol/envelope.ts';
import type { Prediction } from '../protocol/predict.ts';
import type { Evaluation } from '../protocol/runs.ts';
import type { NamedTensor } from '../runs/safetensors.ts';
import { weightsOf } from '../training/checkpoint.ts';
import { judgedBy } from '../training/judged-by.ts';
import { dataChanged, type RunManager } from '../training/run-manager.ts';
import { type Predictor, predictSeries, predictText } from './predict.tf.ts';

/** A run as trained: everything that predicting, evaluating and exporting need. */
export interface TrainedRun {
  readonly document: UnrollDocument;
  readonly plan: Plan;
  readonly encoding: DataEncoding;
  readonly weights: ReadonlyMap<string, NamedTensor>;
  /** The step that the weights are from. */
  readonly step: number;
}

/** Models held ready, so that a prediction while typing does not read a file. */
const keptModels = 2;

/** The models of runs: live weights while a run trains here, otherwise its best weights, or those of its last checkpoint. */
export class RunModels {
  readonly #manager: RunManager;
  readonly #ready = new Map<string, Promise<Predictor>>();

  constructor(manager: RunManager) {
    this.#manager = manager;
  }

  /**
   * The run's best weights from disk, also while it trains.
   *
   * @throws UserError `run-not-found`, or `no-weights` before the first checkpoint
   */
  async load(run: string): Promise<TrainedRun> {
    const folder = this.#manager.folder(run);
    const { document, facts } = await folder.read();
    const compiled = compilePlan(document, facts);
    if (!compiled.ok) throw new Error(`the run's graph does not compile: ${compiled.problems[0]?.message ?? ''}`);
    const best = await folder.best();
    const checkpoint = best ? null : await folder.checkpoint();
    const weights = best?.weights ?? (checkpoint && weightsOf(checkpoint));
    const step = best?.step ?? checkpoint?.state.step;
    if (!weights || step === undefined) {
      throw new UserError({
        code: 'no-weights',
        message: 'This run has no saved weights yet.',
        hint: 'Let it train until its first validation.',
      });
    }
    return { document, plan: compiled.plan, encoding: await folder.encoding(), weights, step };
  }

  /** @throws UserError as `load` and `predictText` of predict.tf.ts */
  async predictText(run: string, text: string): Promise<Prediction> {
    // Without a wait in between: the run may end, and free its model, at any wait.
    const live = this.#live(run);
    return predictText(live ?? (await this.#cached(run)), text);
  }

  /** @throws UserError as `load` and `predictSeries` of predict.tf.ts */
  async predictSeries(run: string, rows: readonly (readonly number[])[]): Promise<Prediction> {
    const live = this.#live(run);
    return predictSeries(live ?? (await this.#cached(run)), rows);
  }

  /** A full pass of the run's best weights over one split of its data. */
  async evaluate(run: string, split: SplitName): Promise<Evaluation> {
    const trained = await this.load(run);
    const { training } = trained.document;
    const data = await this.#manager.prepare(trained.encoding.binding);
    if (data.encoding.fingerprint !== trained.encoding.fingerprint) throw dataChanged;
    if (data.splits[split].count === 0) {
      throw new UserError({
        code: 'empty-split',
        message: `The ${split} split has no examples.`,
        hint: 'Choose another split, or give this one a share of the data and train again.',
      });
    }
    if (!this.#manager.isTraining) await activateBest();
    const model = new Model(trained.plan, trained.weights);
    try {
      const result = await evaluate(model, { ...judgedBy(trained.plan, data, training), split, step: trained.step });
      if (result === null) throw new Error('an evaluation that nobody can cancel was cancelled');
      return result;
    } finally {
      model.dispose();
    }
  }

  /** Frees the models of a run that is deleted, or about to train on. */
  async forget(run: string): Promise<void> {
    for (const key of this.#ready.keys()) if (key.startsWith(`${run}\n`)) await this.#drop(key);
  }

  #live(run: string): Predictor | null {
    const live = this.#manager.live(run);
    return live && { model: live.session.model, encoding: live.encoding };
  }

  async #cached(run: string): Promise<Predictor> {
    const { summary } = await this.#manager.folder(run).read();
    const key = `${run}\n${summary.best?.step ?? ''}\n${summary.step}`;
    const known = this.#ready.get(key);
    if (known) {
      this.#ready.delete(key);
      this.#ready.set(key, known);
      return known;
    }
    await this.forget(run);
    const made = this.#make(run);
    this.#ready.set(key, made);
    made.catch(() => this.#ready.delete(key));
    for (const oldest of [...this.#ready.keys()].slice(0, -keptModels)) await this.#drop(oldest);
    return made;
  }

  async #make(run: string): Promise<Predictor> {
    const { plan, encoding, weights } = await this.load(run);
    // A run that trains has chosen the device; changing it under the run would move its tensors.
    if (!this.#manager.isTraining) await activateBest();
    return { model: new Model(plan, weights), encoding };
  }

  async #drop(key: string): Promise<void> {
    const held = this.#ready.get(key);
    this.#ready.delete(key);
    await held?.then(
      ({ model }) => model.dispose(),
      () => {
        // It was never made.
      },
    );
  }
}
