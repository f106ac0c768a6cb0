import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { findTemplate } from '../../templates/registry.ts';
import type { PreparedData } from '../data/dataset.ts';
import { filesBeside } from '../data/files-beside.ts';
import type { DataSource } from '../document/data-binding.ts';
import { type SourceFile, sourceFiles, sourceOf } from '../document/data-files.ts';
import type { UnrollDocument } from '../document/schema.ts';
import { byParts, shardOf } from '../document/split-names.ts';
import type { TrainingSettings } from '../document/training-settings.ts';
import { otherVocabulary } from '../lint/other-vocabulary.ts';
import { commandAfterDivergence } from '../manage/failed-run.ts';
import { UserError } from '../protocol/envelope.ts';
import type { MetricValues, RunSummary } from '../protocol/runs.ts';
import { readDocumentFile } from '../services/document-file.ts';
import { clusterOf, tellSent } from './cluster.ts';
import { findingsOf, refuseErrors, tellDataFindings, tellFindings, tellNotes } from './findings.ts';
import { type Followed, followRun } from './follow-run.ts';
import { Interrupted } from './interruption.ts';
import { type LocalEngine, runArgument, startLocalEngine } from './local-engine.ts';
import type { Output } from './output.ts';
import type { TrainOptions } from './program.ts';
import { duration, figure } from './progress-bar.ts';

/** @param source a document or a template; left out, the document of the run that `--from` names */
export async function trainCommand(output: Output, source: string | undefined, options: TrainOptions): Promise<void> {
  const opened = source === undefined ? null : await openSource(output, source);
  const engine = startLocalEngine();
  const on = clusterOf(options);
  const folder = options.out === undefined ? undefined : resolve(options.out);
  const from = options.from === undefined ? undefined : await runArgument(options.from);
  const trained = from === undefined ? null : (await engine.runs.get(from)).document;
  const chosen = opened ?? trained;
  if (chosen === null) throw nothingToTrain;
  const document = withDataFiles(chosen, options);
  if (document.data) tellJoined(output, document.data.source);
  await tellFilesBeside(output, document.data?.source);
  if (on !== null) await tellSent(output, document.data);
  const begin = (clear: () => void): Promise<RunSummary> => {
    const review = (reviewed: UnrollDocument, { encoding, report }: PreparedData): void => {
      const findings = [...findingsOf(reviewed, encoding.facts), ...(trained === null ? [] : otherVocabulary(document, trained))];
      clear();
      tellFindings(output, reviewed, findings);
      const dataWarnings = tellDataFindings(output, report);
      refuseErrors(source ?? document.name, findings, dataWarnings, options.strict === true);
    };
    const film = options.film === true ? ({ kind: 'example', split: 'test', index: 0 } as const) : undefined;
    const start = { document, name: options.name, folder, from, film, overrides: settingsOf(options), review };
    return on === null ? engine.runs.startRun(start) : engine.rays.start(start, on);
  };
  await report(output, engine, await followRun(engine, output, begin, options.detach === true), folder);
}

export async function resumeCommand(output: Output, argument: string): Promise<void> {
  const engine = startLocalEngine();
  const run = await runArgument(argument);
  const resumed = (): ReturnType<typeof engine.runs.resumeRun> => engine.runs.resumeRun(run).catch(nameCommand(engine, run));
  await report(output, engine, await followRun(engine, output, resumed), run);
}

/** @throws UserError `no-data-file` where the document has no file whose reading the others could share */
function withDataFiles(document: UnrollDocument, { data: train, validation, test, splitColumn }: TrainOptions): UnrollDocument {
  if ([train, validation, test, splitColumn].every((option) => option === undefined)) return document;
  const { data } = document;
  if (data?.source.kind !== 'file') {
    throw new UserError({
      code: 'no-data-file',
      message:
        'The document’s data is no file: --data, --validation, --test and --split-column have nothing that says how to read them.',
      hint: 'Choose the training file in the Data panel once, and save the document.',
    });
  }
  const { source } = data;
  // Another training file does not belong with the old one's other splits.
  const before = train === undefined ? sourceFiles(source) : [];
  const given = { train, validation, test };
  const files = (['train', 'validation', 'test'] as const).flatMap((role): readonly SourceFile[] => {
    const paths = given[role];
    if (paths === undefined) return before.filter((file) => file.role === role);
    return inOrder(paths).map((path) => ({ role, path: resolve(path) }));
  });
  const reader = splitColumn === undefined ? source.reader : { ...source.reader, splitColumn };
  return { ...document, data: { ...data, source: { kind: 'file', ...sourceOf(files), reader } } };
}

/** Parts of one file by their numbers: a shell puts 10 before 2. Other files as they are given. */
function inOrder(paths: readonly string[]): readonly string[] {
  const names = new Set(paths.map((path) => shardOf(basename(path))?.name));
  return names.size === 1 && !names.has(undefined) ? paths.toSorted(byParts) : paths;
}

function tellJoined(output: Output, source: DataSource): void {
  for (const role of ['train', 'validation', 'test'] as const) {
    const names = sourceFiles(source).flatMap((file) => (file.role === role ? [`“${basename(file.path)}”`] : []));
    if (names.length > 1) tellNotes(output, [`Read as one file (${role}): ${names.join(', ')}.`]);
  }
}

/** A file that is named like the one for training is not used unasked, and not passed over in silence. */
async function tellFilesBeside(output: Output, source: DataSource | undefined): Promise<void> {
  if (source?.kind !== 'file') return;
  const named = source.splitFiles !== undefined || (source.reader.splitColumn ?? null) !== null;
  const used = new Set(sourceFiles(source).map(({ path }) => resolve(path)));
  const beside = (await filesBeside(source.path)).filter(
    ({ path, split }) => !used.has(resolve(path)) && !(named && split !== 'train'),
  );
  const parts = beside.filter(({ split }) => split === 'train').map(({ path }) => path);
  tellNotes(output, [
    ...beside.flatMap(({ path, split }) =>
      split === 'train' ? [] : [`“${basename(path)}” beside the training file is not used: --${split} ${path} takes it.`],
    ),
    ...(parts.length === 0
      ? []
      : [
          `${parts.length} further ${parts.length === 1 ? 'part' : 'parts'} of the training file ${parts.length === 1 ? 'is' : 'are'} not used (${parts.map((path) => `“${basename(path)}”`).join(', ')}): --data with the files of all parts takes them.`,
        ]),
  ]);
}

/** Where the best weights are all that is left of a run, the command that goes on from them. */
const nameCommand =
  (engine: LocalEngine, run: string) =>
  async (error: unknown): Promise<never> => {
    if (!(error instanceof UserError) || error.failure.code !== 'checkpoints-damaged') throw error;
    const folder = engine.runs.store.folder(run);
    if ((await folder.best().catch(() => null)) === null) throw error;
    throw new UserError({ ...error.failure, hint: `${error.failure.hint} Do so with: unroll train --from ${folder.path}` });
  };

const nothingToTrain = new UserError({
  code: 'nothing-to-train',
  message: 'Nothing is named that could be trained.',
  hint: 'Name a document or a template (before --data and its files), or a run with --from.',
});

/** The path of a document, or the name of a template. */
export async function openSource(output: Output, source: string): Promise<UnrollDocument> {
  const isFile = await stat(source).then(
    (facts) => facts.isFile(),
    () => false,
  );
  if (!isFile && !/[./\\]/.test(source)) return findTemplate(source).document();
  const { document, notes } = await readDocumentFile(source);
  tellNotes(output, notes);
  return document;
}

function settingsOf(options: TrainOptions): Partial<TrainingSettings> {
  const { device, epochs, batchSize, learningRate, seed } = options;
  return {
    ...(device === undefined ? {} : { device }),
    ...(epochs === undefined ? {} : { epochs }),
    ...(batchSize === undefined ? {} : { batchSize }),
    ...(learningRate === undefined ? {} : { learningRate }),
    ...(seed === undefined ? {} : { seed }),
  };
}

/**
 * The last words of a training.
 *
 * @param place the run's folder or id, when the user named one
 * @throws UserError when it did not come to its end
 */
async function report(
  output: Output,
  engine: LocalEngine,
  { summary, exitCode }: Followed,
  place: string | undefined,
): Promise<void> {
  const run = engine.runs.store.folder(place ?? summary.id);
  const folder = run.path;
  if (summary.status === 'running') {
    const failure = {
      code: 'run-goes-on',
      message: `The run goes on at ${summary.on ?? 'the cluster'}.`,
      hint: `Follow it again with: unroll resume ${folder}`,
    };
    if (exitCode !== null) throw new Interrupted(failure, exitCode);
    output.tell({ event: 'detached', run: folder, on: summary.on });
    output.say(`${failure.message} ${failure.hint}`);
    return;
  }
  if (summary.status !== 'done') {
    const hint =
      summary.failure === 'loss-not-finite' ? await commandAfterDivergence(run) : `Go on with: unroll resume ${folder}`;
    const failure = {
      code: `run-${summary.status}`,
      message: summary.message ?? `The run was ${summary.status} at step ${summary.step}.`,
      ...(summary.failure === 'run-folder-gone' ? {} : { hint }),
    };
    throw exitCode === null ? new UserError(failure) : new Interrupted(failure, exitCode);
  }
  const { metric, baseline } = summary.headline;
  const judged = summary.best?.value ?? (summary.validation ?? summary.training)?.[metric] ?? null;
  const onTraining = summary.judgedOn === 'train';
  const test = summary.test?.[metric];
  output.tell({
    event: 'done',
    run: folder,
    metric,
    validation: onTraining ? null : judged,
    ...(onTraining ? { train: judged } : {}),
    ...(test === undefined ? {} : { test }),
    baseline,
    epochs: summary.epoch,
    seconds: summary.seconds,
    device: summary.device,
  });
  output.say(`Done in ${duration(summary.seconds)} on ${summary.device}.`);
  const { evaluation } = await engine.runs.get(folder);
  if (evaluation) {
    output.say(`${evaluation.split}  ${words(evaluation.values)}`);
    if (summary.test) output.say(`test  ${words(summary.test)}`);
    output.say(`${evaluation.baselineName}, ${evaluation.split}  ${words(evaluation.baseline)}`);
  }
  output.say(`Run: ${folder}`);
}

const words = (values: MetricValues): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} ${figure(value)}`)
    .join('  ');
