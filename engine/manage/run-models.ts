import { activateBest } from '../backends/choose.tf.ts';
import { Model } from '../compile/materialize.tf.ts';
import type { Plan } from '../compile/plan.ts';
import { emptySplit } from '../data/empty-split.ts';
import { exampleInput } from '../data/examples.ts';
import type { SplitName } from '../document/split-names.ts';
import { type UnitPlace, UnitWatch } from '../inspect/unit-watch.tf.ts';
import { evaluate } from '../metrics/evaluate.tf.ts';
import { generate, type OnTokens } from '../predict/generate.tf.ts';
import { HeldModels } from '../predict/held-models.ts';
import { predictSteps, readInputFile } from '../predict/input-file.ts';
import { predictSeries, predictText } from '../predict/predict.tf.ts';
import type { Predictor } from '../predict/predictor.ts';
import { loadTrainedRun, type TrainedRun } from '../predict/trained-run.ts';
import type { DecodeSettings, GenerateSettings, Generation, Prediction } from '../protocol/predict.ts';
import type { Evaluation } from '../protocol/runs.ts';
import { judgedBy } from '../training/judged-by.ts';
import type { RunManager } from './run-manager.ts';

const keptModels = 2;

/** The models of runs: live weights while a run trains here, otherwise its best weights, or those of its last checkpoint. */
export class RunModels {
  readonly #manager: RunManager;
  readonly #held = new HeldModels(keptModels);

  constructor(manager: RunManager) {
    this.#manager = manager;
  }

  /**
   * The run's best weights from disk, also while it trains.
   *
   * @throws UserError `run-not-found`, or `no-weights` before the first checkpoint
   */
  load(run: string): Promise<TrainedRun> {
    return loadTrainedRun(this.#manager.folder(run));
  }

  /** @throws UserError as `load` and `predictText` of predict.tf.ts */
  predictText(run: string, text: string, decode?: DecodeSettings): Promise<Prediction> {
    return this.#with(run, (predictor) => predictText(predictor, text, decode));
  }

  /** @throws UserError as `load` and `predictSeries` of predict.tf.ts */
  predictSeries(run: string, rows: readonly (readonly number[])[], decode?: DecodeSettings): Promise<Prediction> {
    return this.#with(run, (predictor) => predictSeries(predictor, rows, decode));
  }

  /** @throws UserError as `load` and `readInputFile` of input-file.ts */
  async predictFile(run: string, path: string, decode?: DecodeSettings): Promise<Prediction> {
    const steps = await readInputFile(await this.#manager.folder(run).encoding(), path);
    return this.#with(run, (predictor) => predictSteps(predictor, steps, decode));
  }

  /** @throws UserError as `load` and `predictSeries`, or `no-example` */
  async predictExample(run: string, split: SplitName, index: number, decode?: DecodeSettings): Promise<Prediction> {
    const { binding } = await this.#manager.folder(run).encoding();
    const example = await exampleInput(binding, split, index);
    if (example.kind === 'series') return this.#with(run, (predictor) => predictSteps(predictor, example.steps, decode));
    const text = example.kind === 'text' ? example.text : example.tokens.join(' ');
    return this.predictText(run, text, decode);
  }

  /** @param watch a unit that is told of meanwhile @throws UserError as `load`, `generate` of generate.tf.ts and `UnitWatch` */
  generate(
    run: string,
    settings: GenerateSettings,
    onTokens: OnTokens,
    signal: AbortSignal,
    watch: UnitPlace | null = null,
  ): Promise<Generation> {
    const watched = watch && new UnitWatch(watch);
    return this.#with(run, (predictor) => generate(predictor, settings, onTokens, signal, watched));
  }

  /** A full pass of the run's best weights over one split of its data. */
  async evaluate(run: string, split: SplitName): Promise<Evaluation> {
    const trained = await this.load(run);
    const { training } = trained.document;
    const data = await this.#manager.dataOf(trained.encoding);
    if (data.splits[split].count === 0) throw emptySplit(split);
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
  forget(run: string): void {
    this.#held.forget(`${run}\n`);
  }

  /** Work with the run's model of this moment. */
  async #with<T>(run: string, work: (predictor: Predictor) => Promise<T>): Promise<T> {
    const live = this.#manager.live(run);
    if (live === null) return this.#withSaved(run, work);
    const { model } = live.session;
    // Without a wait in between: the run may end, and free its model, at any wait.
    if (!says(model.plan)) return work({ model, encoding: live.encoding });
    // Generating waits at every token: it goes on with the weights that it began with.
    const copy = new Model(model.plan, await model.read());
    return work({ model: copy, encoding: live.encoding }).finally(() => copy.dispose());
  }

  async #withSaved<T>(run: string, work: (predictor: Predictor) => Promise<T>): Promise<T> {
    const { summary } = await this.#manager.folder(run).read();
    const key = `${run}\n${summary.best?.step ?? ''}\n${summary.step}`;
    const make = (): Promise<Predictor> => {
      this.forget(run);
      return this.#make(run);
    };
    return this.#held.lend(key, make, work);
  }

  async #make(run: string): Promise<Predictor> {
    const { plan, encoding, weights } = await this.load(run);
    // A run that trains has chosen the device; changing it under the run would move its tensors.
    if (!this.#manager.isTraining) await activateBest();
    return { model: new Model(plan, weights), encoding };
  }
}

/** Whether predictions of it go token by token. */
const says = ({ task }: Plan): boolean => task === 'sequence-to-sequence' || task === 'language-model';
