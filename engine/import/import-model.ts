import type { PlanModule } from '../compile/plan.ts';
import { findLayer } from '../layers/registry.ts';
import type { ImportQuestion } from '../protocol/import.ts';
import { readExportedFolder } from './exported-folder.ts';
import { importError } from './import-error.ts';
import type { ImportedModel } from './imported-model.ts';
import { type ImportSource, locateImport } from './locate.ts';
import { type Chain, findChain } from './state-dict/chain.ts';
import { questions } from './state-dict/questions.ts';
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

/** @throws UserError `import-…` with what stands in the way */
export async function proposeImport(path: string): Promise<ImportProposal> {
  const source = await locateImport(path);
  if (source.kind === 'exported') {
    const { plan, document, notes } = readExportedFolder(source);
    const layers = plan.modules.map(layerWords);
    return { kind: 'exported', name: document.name, layers, questions: [], notes: [...notes] };
  }
  const chain = chainOf(source);
  const asked = questions(chain.modules);
  const { notes } = readStateDict(source, chain, asked, {});
  return { kind: 'state-dict', name: source.name, layers: chain.modules.map(describe), questions: [...asked], notes: [...notes] };
}

/**
 * @param answers by question; the likeliest answer where there is none
 * @throws UserError as `proposeImport`, `import-bad-answer` for an answer that was no choice, `import-no-such-model`
 */
export async function readImport(path: string, answers: Readonly<Record<string, string>>): Promise<ImportedModel> {
  const source = await locateImport(path);
  if (source.kind === 'exported') {
    const [first] = Object.keys(answers);
    if (first !== undefined) throw unasked(first, []);
    return readExportedFolder(source);
  }
  const chain = chainOf(source);
  return readStateDict(source, chain, questions(chain.modules), answers);
}

type StateDict = Extract<ImportSource, { kind: 'state-dict' }>;

const chainOf = ({ tensors }: StateDict): Chain => findChain(stockModules(tensors));

function readStateDict(
  { name, tensors, vocabulary }: StateDict,
  chain: Chain,
  asked: readonly ImportQuestion[],
  given: Readonly<Record<string, string>>,
): ImportedModel {
  for (const [id, value] of Object.entries(given)) {
    const question = asked.find((one) => one.id === id);
    if (question === undefined) throw unasked(id, asked);
    if (question.options.some((option) => option.value === value)) continue;
    const choices = question.options.map((option) => option.value).join(', ');
    throw importError('bad-answer', `${id}: expected one of ${choices}, got ${value}.`, question.why);
  }
  const answers = new Map(asked.map(({ id, chosen }) => [id, given[id] ?? chosen]));
  const [first] = chain.modules;
  const rows = first?.kind === 'embedding' ? first.rows : 0;
  const fits = vocabulary !== null && vocabulary.length === rows;
  const model = stateDictModel({ name, chain, tensors, answers, tokens: fits ? vocabulary : null });
  if (vocabulary === null || fits || rows === 0) return model;
  const note = `The vocabulary file has ${vocabulary.length} lines, but the embedding ${rows} rows: it was not used.`;
  return { ...model, notes: [note, ...model.notes] };
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
