import { stepCount, stepStart, targetTokens } from '../data/batches.ts';
import type { DataEncoding, EncodedSplit } from '../data/dataset.ts';
import { emptySplit } from '../data/empty-split.ts';
import { sharedFloat32 } from '../data/shared-memory.ts';
import type { SplitName } from '../document/split-names.ts';
import { givingWay, yieldToEvents } from '../event-loop.ts';
import { UserError } from '../protocol/envelope.ts';
import { cellWithWeights } from './asked-cell.ts';
import { wordsOfSplit } from './example.ts';
import { mostRows, type ReadBatch, type ReadPlace, type ReadRow, readStates } from './read-states.tf.ts';
import type { StateSample } from './state-sample.ts';
import type { Subject } from './subject.ts';

export interface SampleOptions {
  readonly split: SplitName;
  readonly encoded: EncodedSplit;
  readonly examples: number;
  readonly place: ReadPlace;
  readonly signal?: AbortSignal;
  onProgress?(done: number, of: number): void;
}

/** Bytes of one sample's values at most. */
const mostBytes = 96 * 1024 * 1024;
/** A batch takes about so long, ms: training waits for it as for one of its own steps. */
const turn = { short: 15, long: 45 } as const;
/** Rows of a batch at first, and at most. */
const batchRows = { first: 4, most: 64 } as const;
/** States that fixed points are looked for from. */
const mostStarts = 48;

/**
 * Reads a line of a cell at every step of many sequences. Between two batches other work gets its turn; what was read until it is
 * cancelled is what is returned, the first batch always.
 *
 * @throws UserError `empty-split`, or `not-traced` where the network has no such line
 */
export async function sampleStates(subject: Subject, options: SampleOptions): Promise<StateSample> {
  const { split, encoded, place, signal } = options;
  const wanted = chosen(encoded, options.examples);
  if (wanted.length === 0) throw emptySplit(split);
  // Neighbours in length share a batch: little of it is padding.
  const order = Array.from(wanted, (_, at) => at).sort(
    (a, b) => stepCount(encoded, wanted[a] ?? 0) - stepCount(encoded, wanted[b] ?? 0),
  );
  const batches: ReadBatch[] = [];
  let [bytes, size]: [number, number] = [0, batchRows.first];
  let ended: StateSample['ended'] = null;
  for (let done = 0; done < order.length && ended === null; ) {
    const longest = stepCount(encoded, wanted[order[Math.min(order.length, done + size) - 1] ?? 0] ?? 0);
    const count = Math.min(size, mostRows(subject, longest), order.length - done);
    const some = Uint32Array.from(order.slice(done, done + count), (at) => wanted[at] ?? 0);
    const began = performance.now();
    const read = readStates(subject, encoded, some, place);
    if (read === null) throw noSuchLine(place);
    const took = performance.now() - began;
    batches.push(read);
    bytes += read.rows.reduce((all, { values }) => all + values.data.byteLength, 0);
    done += count;
    options.onProgress?.(done, order.length);
    size = took < turn.short ? Math.min(batchRows.most, size * 2) : took > turn.long ? Math.max(1, size >> 1) : size;
    if (done < order.length && bytes > mostBytes) ended = 'full';
    else if (done < order.length && signal?.aborted === true) ended = 'cancelled';
    await yieldToEvents();
  }
  return { ...(await joined(subject, options, batches)), ended };
}

/** The first of a running text, which is one text then; otherwise evenly spread, so that a sorted file is not one class alone. */
function chosen({ count, running }: EncodedSplit, examples: number): Uint32Array {
  const number = Math.min(count, examples);
  return Uint32Array.from({ length: number }, (_, i) => (running === true ? i : Math.floor((i * count) / number)));
}

async function joined(
  subject: Subject,
  { split, encoded, place }: SampleOptions,
  batches: readonly ReadBatch[],
): Promise<Omit<StateSample, 'ended'>> {
  const { encoding } = subject;
  const rows = batches.flatMap((batch) => batch.rows).sort((a, b) => a.example - b.example);
  const units = rows[0]?.values.shape[1] ?? 0;
  const steps = rows.reduce((all, { values }) => all + (values.shape[0] ?? 0), 0);
  const values = sharedFloat32(steps * units);
  const kind = labelKind(encoding, rows[0]?.axis ?? 'other');
  const labels = kind === null ? null : new Int32Array(steps).fill(-1);
  const hasSurprise = (kind === 'tag' || kind === 'next') && rows.every(({ losses }) => losses !== null);
  const surprise = hasSurprise ? new Float32Array(steps).fill(Number.NaN) : null;
  const placed = function* (): Generator<void, StateSample['sequences']> {
    const all: StateSample['sequences'][number][] = [];
    let start = 0;
    for (const { example, values: own, axis, losses } of rows) {
      const length = own.shape[0] ?? 0;
      values.set(own.data, start * units);
      for (let t = 0; t < length; t++) if (labels) labels[start + t] = labelOf(encoded, example, t, kind);
      // What comes next was said a step before it stands there.
      const late = kind === 'next' ? 1 : 0;
      if (surprise) surprise.set(Float32Array.from((losses ?? []).slice(0, length - late)), start + late);
      const label = kind === 'class' ? (encoded.classTargets?.[example] ?? null) : null;
      all.push({ example, start, words: wordsAt(encoding, encoded, example, axis, length), label });
      start += length;
      yield;
    }
    return all;
  };
  const sequences = await givingWay(placed());
  const [first] = batches;
  if (first === undefined) throw new Error('nothing was read');
  const spread = Math.min(mostStarts, rows.length);
  const starts = Array.from({ length: spread }, (_, i) => rows[Math.floor((i * rows.length) / spread)]?.state ?? []);
  const { tokenizer, targetTokenizer } = encoding.binding;
  return {
    run: subject.run,
    weights: subject.weights,
    step: subject.step,
    split,
    running: encoded.running === true,
    of: encoded.count,
    place: { node: place.node, layer: place.layer, direction: place.direction },
    line: { name: place.line, range: first.range },
    level: (rows[0]?.axis === 'target' ? targetTokenizer : tokenizer).level,
    sequences,
    units,
    values,
    labels,
    labelKind: kind,
    classes: encoding.classes ?? [],
    surprise,
    cell: await cellWithWeights(subject, place.node, first.cell),
    meanInput: meanInput(batches),
    starts: {
      rows: starts.length,
      width: starts[0]?.length ?? 0,
      data: Float64Array.from(starts.flatMap((state) => [...state])),
    },
  };
}

function meanInput(batches: readonly ReadBatch[]): Float64Array {
  const steps = batches.reduce((sum, batch) => sum + batch.inputSteps, 0);
  const width = batches[0]?.inputSum.length ?? 0;
  return Float64Array.from(
    { length: width },
    (_, i) => batches.reduce((sum, { inputSum }) => sum + (inputSum[i] ?? 0), 0) / steps,
  );
}

/** What a step of this axis is labelled with. */
function labelKind({ binding }: DataEncoding, axis: ReadRow['axis']): StateSample['labelKind'] {
  switch (binding.task) {
    case 'language-model':
      return axis === 'input' ? 'next' : null;
    case 'step-tagging':
      return axis === 'input' ? 'tag' : null;
    case 'sequence-to-sequence':
      return axis === 'target' ? 'next' : null;
    case 'sequence-classification':
      return 'class';
    default:
      return null;
  }
}

function labelOf(encoded: EncodedSplit, example: number, step: number, kind: StateSample['labelKind']): number {
  const { classTargets, tagTargets, targets } = encoded;
  if (kind === 'class') return classTargets?.[example] ?? -1;
  if (targets) return targets.tokens[(targets.offsets[example] ?? 0) + step] ?? -1;
  return tagTargets?.[stepStart(encoded, example) + step] ?? -1;
}

function wordsAt(
  encoding: DataEncoding,
  encoded: EncodedSplit,
  example: number,
  axis: ReadRow['axis'],
  length: number,
): readonly string[] {
  if (axis === 'input') return wordsOfSplit(encoding, encoded, example);
  const none = Array.from({ length }, () => '');
  if (axis === 'other') return none;
  // What a decoder reads: nothing was said before the first.
  const said = Array.from(targetTokens(encoded, example), (id) => encoding.classes?.[id] ?? `#${id}`);
  return none.map((_, u) => (u === 0 ? '<bos>' : (said[u - 1] ?? '')));
}

const noSuchLine = ({ node, layer, direction, line }: ReadPlace): UserError =>
  new UserError({
    code: 'not-traced',
    message: `The network has no line ${line} in layer ${layer + 1} ${direction} of ${node}.`,
    hint: 'Choose another line of the cell.',
  });
