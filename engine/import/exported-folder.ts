import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { compilePlan } from '../compile/compile-plan.ts';
import type { Plan } from '../compile/plan.ts';
import { specialTokenNames } from '../data/dataset.ts';
import { parseDocument } from '../document/migrations.ts';
import type { UnrollDocument } from '../document/schema.ts';
import type { NamedTensor } from '../files/safetensors.ts';
import { dataFacts } from '../protocol/data.ts';
import { dataEncoding } from '../runs/run-record.ts';
import type { DataFacts } from '../shapes/data-facts.ts';
import { fromStateDict } from './from-state-dict.ts';
import { importError } from './import-error.ts';
import type { ImportedModel } from './imported-model.ts';

/** The part of an exported `config.json` that is read back. */
const config = z.object({
  format: z.literal('unroll-pytorch'),
  version: z.literal(1),
  data: dataFacts,
  unroll: z.object({ document: z.unknown(), fingerprint: z.string().max(200), longest_target: z.number().int().nullable() }),
});

/** The part of an exported `vocabulary.json` that is read back; the tokenizer's settings are in the document. */
const vocabulary = z.object({
  tokenizer: z.object({ merges: z.unknown().optional() }).nullish(),
  target: z.object({ merges: z.unknown().optional() }).optional(),
  tokens: z.array(z.string()).nullable(),
  classes: z.array(z.string()).nullable(),
  input_normalization: z.unknown(),
  target_normalization: z.unknown(),
});

export interface ExportedFiles {
  /** Absolute. */
  readonly folder: string;
  /** Parsed JSON. */
  readonly config: unknown;
  readonly vocabulary: unknown;
  readonly tensors: ReadonlyMap<string, NamedTensor>;
}

/** Whether a `config.json` says that it is of an exported folder. */
export const isExportedConfig = (value: unknown): boolean =>
  z.object({ format: z.literal('unroll-pytorch') }).safeParse(value).success;

/**
 * A folder that was exported to PyTorch, as a trained model again.
 *
 * @throws UserError `import-damaged`, `import-newer`, `import-weights-differ`
 */
export function readExportedFolder(files: ExportedFiles): ImportedModel {
  const saved = parsed(config, files.config, 'config.json');
  const words = parsed(vocabulary, files.vocabulary, 'vocabulary.json');
  const read = parseDocument(saved.unroll.document, true);
  if (!read.ok) throw damaged('config.json', read.message, read.hint);
  const { data } = read.document;
  if (data === null) throw damaged('config.json', 'the graph in it has no data settings');
  const facts = saved.data;
  const plan = compiledPlan(read.document, facts);
  const candidate = {
    binding: data,
    facts,
    fingerprint: saved.unroll.fingerprint,
    vocabulary: words.tokens,
    ...(words.tokenizer?.merges === undefined ? {} : { merges: words.tokenizer.merges }),
    ...(words.target?.merges === undefined ? {} : { targetMerges: words.target.merges }),
    classes: words.classes,
    ...(saved.unroll.longest_target === null ? {} : { longestTarget: saved.unroll.longest_target }),
    inputNormalization: words.input_normalization,
    targetNormalization: words.target_normalization,
  };
  const encoding = parsed(dataEncoding, candidate, 'vocabulary.json');
  checkCount('tokens', encoding.vocabulary, facts.vocabulary);
  checkCount('classes', encoding.classes, facts.classes);
  if (encoding.binding.task === 'language-model' && specialTokenNames.some((name, id) => encoding.vocabulary?.[id] !== name)) {
    throw damaged('vocabulary.json', `its first tokens must be ${specialTokenNames.join(' ')}`);
  }
  for (const [what, rule, width] of [
    ['input_normalization', encoding.inputNormalization, facts.features],
    ['target_normalization', encoding.targetNormalization, facts.targets],
  ] as const) {
    const widths = rule === null ? [] : [rule.names.length, rule.mean.length, rule.deviation.length];
    if (widths.some((count) => count !== width)) throw damaged('vocabulary.json', `${what} must have ${width} columns`);
  }
  const weights = fromStateDict(plan, files.tensors);
  const document = withDataNear(read.document, files.folder);
  return { document, plan, encoding, weights, notes: dataNotes(document) };
}

/** Facts come out of the file, too: where they contradict the graph, widths stay unknown. */
function compiledPlan(document: UnrollDocument, facts: DataFacts): Plan {
  let problem: string;
  try {
    const compiled = compilePlan(document, facts);
    if (compiled.ok) return compiled.plan;
    problem = compiled.problems.find(({ severity }) => severity === 'error')?.message ?? 'unknown problem';
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
  }
  throw damaged('config.json', `its graph does not compile: ${problem}`);
}

function checkCount(what: string, list: readonly string[] | null, count: number | null): void {
  if ((list?.length ?? null) !== count) {
    throw damaged('vocabulary.json', `expected ${count ?? 'no'} ${what}, found ${list?.length ?? 'none'}`);
  }
}

/** An export names its data file without a folder; it is found again where it lies beside the export. */
function withDataNear(document: UnrollDocument, folder: string): UnrollDocument {
  const { data } = document;
  if (data?.source.kind !== 'file') return document;
  const near = [join(folder, data.source.path), join(folder, '..', data.source.path)].find((path) => existsSync(path));
  return near === undefined ? document : { ...document, data: { ...data, source: { ...data.source, path: near } } };
}

function dataNotes(document: UnrollDocument): string[] {
  const source = document.data?.source;
  if (source?.kind !== 'file' || existsSync(source.path)) return [];
  return [`The data file ${source.path} is not part of an export: choose it in the Data panel before training on.`];
}

function parsed<T>(schema: z.ZodType<T>, value: unknown, file: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = issue?.path.join('.') || 'the file';
  if (file === 'config.json' && where === 'version') {
    throw importError('newer', 'The folder was exported by a newer Unroll.', 'Update Unroll. The folder was not changed.');
  }
  if (file === 'config.json' && where === 'unroll') {
    throw damaged(
      file,
      'the part “unroll” with the canvas is missing',
      'It was exported by an early version; export the run again.',
    );
  }
  throw damaged(file, `${where}: ${issue?.message ?? 'not the expected data'}`);
}

const damaged = (file: string, what: string, hint = 'Export the run again, or restore the folder from a backup.') =>
  importError('damaged', `${file} cannot be read: ${what}.`, hint);
