import type { Plan } from '../compile/plan.ts';
import type { DataEncoding } from '../data/dataset.ts';
import { specialTokenNames } from '../data/dataset.ts';
import { readWordVectors, type WordVectors } from '../data/word-vectors.ts';
import type { NamedTensor } from '../files/safetensors.ts';
import { type PlanModule, parameterName } from '../layers/plan-module.ts';
import { UserError } from '../protocol/envelope.ts';

export interface VectorStart {
  readonly weights: ReadonlyMap<string, NamedTensor>;
  /** For people: what share of each vocabulary was found, and what was left out. */
  readonly notes: readonly string[];
}

/**
 * Starting weights with the rows that the embeddings' word-vector files give (row L2); a token that a file lacks keeps its random
 * start. `null` where no embedding names a file.
 *
 * @param initial starting weights of the plan
 * @throws UserError as `readWordVectors`, with the node
 */
export async function startFromVectors(
  plan: Plan,
  encoding: DataEncoding,
  initial: ReadonlyMap<string, NamedTensor>,
  signal?: AbortSignal,
): Promise<VectorStart | null> {
  const weights = new Map(initial);
  const notes: string[] = [];
  for (const module of plan.modules) {
    const path = module.kind === 'embedding' ? module.config['vectors'] : '';
    const [spec] = module.parameters;
    if (typeof path !== 'string' || path === '' || spec === undefined) continue;
    const name = parameterName(module, spec);
    const start = weights.get(name);
    const vocabulary = vocabularyOf(plan, module, encoding);
    const width = spec.shape[1] ?? 0;
    if (start === undefined || vocabulary === null) continue;
    const found = await readWordVectors(path, vocabulary, width, signal).catch((error: unknown) => {
      if (error instanceof UserError) throw new UserError({ ...error.failure, node: module.id }, { cause: error });
      throw error;
    });
    const data = Float32Array.from(start.data);
    for (const [id, vector] of found.rows) data.set(vector, id * width);
    weights.set(name, { ...start, data });
    notes.push(coverage(path, vocabulary, found));
  }
  return notes.length === 0 ? null : { weights, notes };
}

/** A decoder's own tokens are those of the targets. */
function vocabularyOf(plan: Plan, module: PlanModule, encoding: DataEncoding): readonly string[] | null {
  const from = module.inputs['tokens']?.[0]?.module;
  const source = plan.modules.find(({ id }) => id === from);
  return source?.kind === 'target-input' ? encoding.classes : encoding.vocabulary;
}

function coverage(path: string, vocabulary: readonly string[], { rows, badLines, firstBadLine }: WordVectors): string {
  const tokens = vocabulary.length - specialTokenNames.length;
  const share = tokens === 0 ? 0 : (rows.size / tokens) * 100;
  const number = (value: number): string => value.toLocaleString('en');
  const file = path.split(/[\\/]/).at(-1) ?? path;
  const bad = badLines === 0 ? '' : ` Bad lines left out: ${number(badLines)}, the first is line ${firstBadLine}.`;
  return `${file} has vectors for ${number(rows.size)} of ${number(tokens)} tokens (${share.toFixed(1)} %); the others start at random.${bad}`;
}
