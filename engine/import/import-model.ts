import type { PlanModule } from '../layers/plan-module.ts';
import { findLayer } from '../layers/registry.ts';
import type { ImportQuestion } from '../protocol/import.ts';
import { readExportedFolder } from './exported-folder.ts';
import { importError } from './import-error.ts';
import type { ImportedModel } from './imported-model.ts';
import { type ImportSource, locateImport } from './locate.ts';
import { type Chain, findChains } from './state-dict/chain.ts';
import { orderQuestion, questions } from './state-dict/questions.ts';
import { stateDictModel } from './state-dict/to-model.ts';
import { type StockModule, stockModules } from './state-dict/torch-modules.ts';

/** What a path holds, before it becomes a run. */
export interface ImportProposal {
  readonly kind: ImportSource['kind'];
  readonly name: string;
  /** The layers, one line each. */
  readonly layers: string[];
  readonly questions: ImportQuestion[];
  readonly notes: string[];
}

/**
 * @param answers by question, as far as they are known: an answer can raise other questions
 * @throws UserError `import-…` with what stands in the way
 */
export async function proposeImport(path: string, answers: Readonly<Record<string, string>> = {}): Promise<ImportProposal> {
  const source = await locateImport(path);
  if (source.kind === 'exported') {
    const { plan, document, notes } = readExportedFolder(source);
    const layers = plan.modules.map(layerWords);
    return { kind: 'exported', name: document.name, layers, questions: [], notes: [...notes] };
  }
  const { order, chain } = chainOf(source, answers);
  const known = { kind: 'state-dict', name: source.name } as const;
  if (chain === null) {
    return { ...known, layers: stockModules(source.tensors).map(describe), questions: order === null ? [] : [order], notes: [] };
  }
  const asked = questions(chain);
  const { notes } = readStateDict(source, chain, asked, {});
  return { ...known, layers: chain.map(describe), questions: [...(order === null ? [] : [order]), ...asked], notes: [...notes] };
}

/**
 * @param answers by question; the likeliest answer where there is none
 * @throws UserError as `proposeImport`, `import-unanswered` where no answer is likelier than another, `import-bad-answer` for an answer
 *   that was no choice, `import-no-such-model`
 */
export async function readImport(path: string, answers: Readonly<Record<string, string>>): Promise<ImportedModel> {
  const source = await locateImport(path);
  if (source.kind === 'exported') {
    const [first] = Object.keys(answers);
    if (first !== undefined) throw unasked(first, []);
    return readExportedFolder(source);
  }
  const { order, chain } = chainOf(source, answers);
  if (chain === null) throw unanswered(order);
  const { [order?.id ?? '']: _order, ...others } = answers;
  return readStateDict(source, chain, questions(chain), others);
}

type StateDict = Extract<ImportSource, { kind: 'state-dict' }>;

/** The chain, where the widths or an answer decide it, and what was asked for that. */
function chainOf(
  { tensors }: StateDict,
  answers: Readonly<Record<string, string>>,
): { readonly order: ImportQuestion | null; readonly chain: Chain | null } {
  const chains = findChains(stockModules(tensors));
  const order = orderQuestion(chains);
  if (order === null) return { order, chain: chains[0] ?? null };
  const given = answers[order.id];
  if (given === undefined) return { order, chain: null };
  const at = order.options.findIndex(({ value }) => value === given);
  if (at < 0) throw badAnswer(order, given);
  return { order: { ...order, chosen: given }, chain: chains[at] ?? null };
}

function unanswered(question: ImportQuestion | null) {
  const choices = question?.options.map(({ value, label }) => `  --answer "${question.id}=${value}"   ${label}`) ?? [];
  return importError(
    'unanswered',
    `${question?.label ?? 'A question'}? ${question?.why ?? ''}`,
    `Say which one it is:\n${choices.join('\n')}`,
  );
}

function badAnswer({ id, options, why }: ImportQuestion, value: string) {
  return importError('bad-answer', `${id}: expected one of ${options.map((one) => one.value).join(', ')}, got ${value}.`, why);
}

function readStateDict(
  { name, tensors, buffers, vocabulary }: StateDict,
  chain: Chain,
  asked: readonly ImportQuestion[],
  given: Readonly<Record<string, string>>,
): ImportedModel {
  for (const [id, value] of Object.entries(given)) {
    const question = asked.find((one) => one.id === id);
    if (question === undefined) throw unasked(id, asked);
    if (!question.options.some((option) => option.value === value)) throw badAnswer(question, value);
  }
  const answers = new Map(asked.map(({ id, chosen }) => [id, given[id] ?? chosen ?? '']));
  const [first] = chain;
  const rows = first?.kind === 'embedding' ? first.rows : 0;
  const fits = vocabulary !== null && vocabulary.length === rows;
  const model = stateDictModel({ name, chain, tensors, answers, tokens: fits ? vocabulary : null });
  const notes = [...model.notes];
  if (buffers.length > 0) notes.push(`Left out, because they are no weights: ${buffers.join(', ')}.`);
  if (vocabulary !== null && !fits && rows > 0) {
    notes.unshift(`The vocabulary file has ${vocabulary.length} lines, but the embedding ${rows} rows: it was not used.`);
  }
  return { ...model, notes };
}

function unasked(id: string, asked: readonly ImportQuestion[]) {
  const known = asked.length === 0 ? 'Nothing has to be answered here' : `Known: ${asked.map((one) => one.id).join(', ')}`;
  return importError('bad-answer', `There is no question ${id}.`, `${known}.`);
}

/** `Bidirectional, GRU cell: concat · last step`. */
function layerWords({ kind, config, inputTypes }: PlanModule): string {
  const layer = findLayer(kind);
  const cell = inputTypes['cell']?.[0];
  const titles = [layer?.title ?? kind, ...(cell?.type === 'cell' ? [findLayer(cell.cell.kind)?.title ?? cell.cell.kind] : [])];
  const detail = layer?.subtitle(config, noFacts) ?? '';
  return detail === '' || layer?.family === 'input' || layer?.family === 'head'
    ? titles.join(', ')
    : `${titles.join(', ')}: ${detail}`;
}

const noFacts = { vocabulary: null, classes: null, features: null, targets: null };

/** As in PyTorch: `lstm: LSTM(100, 128, num_layers=2, bidirectional)`. */
function describe(module: StockModule): string {
  const name = module.name === '' ? '' : `${module.name}: `;
  switch (module.kind) {
    case 'embedding':
      return `${name}Embedding(${module.rows}, ${module.out})`;
    case 'linear':
      return `${name}Linear(${module.in}, ${module.out}${module.bias ? '' : ', bias=False'})`;
    case 'norm':
      return `${name}LayerNorm(${module.in})`;
    case 'recurrent': {
      const options = [
        ...(module.layers > 1 ? [`num_layers=${module.layers}`] : []),
        ...(module.biases ? [] : ['bias=False']),
        ...(module.directions === 2 ? ['bidirectional=True'] : []),
        ...(module.projection > 0 ? [`proj_size=${module.projection}`] : []),
      ];
      const kind = { 1: 'RNN', 3: 'GRU', 4: 'LSTM' }[module.gates];
      return `${name}${kind}(${[module.in, module.hidden, ...options].join(', ')})`;
    }
  }
}
