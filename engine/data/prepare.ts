import type { DataBinding } from '../document/data-binding.ts';
import { sourceFiles } from '../document/data-files.ts';
import { UserError } from '../protocol/envelope.ts';
import type { EncodedSplit, PreparedData } from './dataset.ts';
import { canonicalJson, fingerprintData, fingerprintOfIds } from './fingerprint.ts';
import type { PrepareOptions } from './gather.ts';
import { gather } from './gather.ts';
import { type PrepareContext, prepareExamples } from './prepare-examples.ts';
import { checkText, prepareLanguageModel } from './prepare-language-model.ts';
import { gatherSeries, prepareWindows } from './prepare-windows.ts';
import { statFile } from './readers/sample.ts';
import { type ExampleSource, openSource } from './source.ts';
import { checkSubwords } from './subwords.ts';
import { speaks, termsKey } from './terms.ts';
import { Turns } from './turns.ts';

/** Prepared data of the last few bindings, so that training after a look does not read the file again. Oldest first. */
const prepared = new Map<string, PreparedData>();
const keptBytes = 256 * 1024 * 1024;
const keptEntries = 4;

/**
 * Reads, splits, fits and encodes the data of a binding. Everything that is fit (vocabulary, normalization) is fit on the training
 * split alone; tokens may be those of a model instead. Memory is about 8 bytes a token at the peak, whatever the file's size in
 * text; the event loop keeps running.
 *
 * @throws UserError for whatever is wrong with the file or its mapping, and `cancelled` when the signal aborts
 */
export async function prepareData(binding: DataBinding, options: PrepareOptions = {}): Promise<PreparedData> {
  try {
    const plain = await cacheKey(binding);
    const key = options.terms ? `${plain}\n${termsKey(options.terms)}` : plain;
    for (const name of new Set([key, plain])) {
      const known = prepared.get(name);
      if (!known || (options.terms && !speaks(known.encoding, options.terms))) continue;
      prepared.delete(name);
      prepared.set(name, known);
      return known;
    }
    const made = await prepareFresh(binding, options);
    keep(key, made);
    return made;
  } catch (error) {
    if (options.signal?.aborted && !(error instanceof UserError)) {
      throw new UserError({ code: 'cancelled', message: 'preparing the data was cancelled' }, { cause: error });
    }
    throw error;
  }
}

async function prepareFresh(binding: DataBinding, options: PrepareOptions): Promise<PreparedData> {
  options.signal?.throwIfAborted();
  const { validation, test } = binding.split;
  if (validation + test >= 1) {
    throw new UserError({
      code: 'split-leaves-nothing',
      message: `validation (${validation}) and test (${test}) take everything: expected less than 1 together`,
      hint: 'Leave some examples for training, e.g. 0.1 and 0.1.',
    });
  }
  checkSubwords(binding);
  options.onProgress?.({ step: 'Opening', fraction: null, rows: 0 });
  const source = await openSource(binding, options.signal);
  if (binding.task === 'forecasting') {
    const series = await gatherSeries(source, options);
    return readAs(source, await prepareWindows(series, binding, source, contextOf(source, binding, options)));
  }
  const gathered = await gather(source, binding, options);
  options.onProgress?.({ step: 'Encoding', fraction: null, rows: gathered.lines.length });
  const context = contextOf(source, binding, options);
  if (binding.task !== 'language-model') return readAs(source, await prepareExamples(gathered, binding, source.names, context));
  checkText(gathered);
  return readAs(source, await prepareLanguageModel(gathered, binding, context));
}

/** What is known once all rows were read. */
function contextOf(source: ExampleSource, binding: DataBinding, { terms, signal }: PrepareOptions): PrepareContext {
  const asRead = fingerprintData(source.hash(), binding);
  return {
    fingerprint: source.idsAsTokens ? fingerprintOfIds(asRead) : asRead,
    sourceWarnings: source.warnings(),
    terms: terms ?? null,
    turns: new Turns(signal),
  };
}

/** The data with how its file was read. */
function readAs({ reading, notes = [] }: ExampleSource, { encoding, report, splits }: PreparedData): PreparedData {
  const told = [...notes, ...(report.notes ?? [])];
  return {
    encoding: reading === undefined ? encoding : { ...encoding, reading },
    report: told.length === 0 ? report : { ...report, notes: told },
    splits,
  };
}

/** What was prepared of the binding and is still kept; `null` where the source would have to be read. */
export async function alreadyPrepared(binding: DataBinding): Promise<PreparedData | null> {
  return prepared.get(await cacheKey(binding)) ?? null;
}

/** What the binding says, and which file it is, without reading the file. */
async function cacheKey(binding: DataBinding): Promise<string> {
  const files = await Promise.all(sourceFiles(binding.source).map(async ({ path }) => (await statFile(path)).identity));
  return `${files.join('\n')}\n${canonicalJson(binding)}`;
}

function keep(key: string, made: PreparedData): void {
  prepared.set(key, made);
  const size = (data: PreparedData): number => Object.values(data.splits).reduce((sum, split) => sum + splitBytes(split), 0);
  let total = [...prepared.values()].reduce((sum, data) => sum + size(data), 0);
  for (const [oldest, data] of prepared) {
    if (prepared.size <= 1 || (total <= keptBytes && prepared.size <= keptEntries)) break;
    prepared.delete(oldest);
    total -= size(data);
  }
}

function splitBytes(split: EncodedSplit): number {
  const arrays = [
    split.offsets,
    split.starts,
    split.tokens,
    split.series,
    split.classTargets,
    split.tagTargets,
    split.numberTargets,
    split.targets?.offsets,
    split.targets?.tokens,
    split.lines,
  ];
  return arrays.reduce((sum, array) => sum + (array?.byteLength ?? 0), 0);
}
