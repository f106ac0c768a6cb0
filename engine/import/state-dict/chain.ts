import { importError } from '../import-error.ts';
import { byName, type StockModule } from './torch-modules.ts';

/** Modules in the order in which they run. */
export type Chain = readonly StockModule[];

/** More modules than a chain of stock modules has, and more orders than a person can choose from; the search stays instant. */
const mostModules = 24;
const mostOrders = 60;
const mostTries = 50_000;

/**
 * The orders in which the modules can run, found by their widths: what one gives, the next takes. Children of one `nn.Sequential` run
 * in the order of their numbers. A matrix without a bias may be the table of an embedding, at the start, or an `nn.Linear`. First come
 * the orders that have recurrent layers first, then norms, then Linear, each by name. At least one.
 *
 * @throws UserError `import-no-chain`
 */
export function findChains(modules: readonly StockModule[]): readonly Chain[] {
  if (modules.length > mostModules) {
    throw noChain(`there are ${modules.length} modules`, `At most ${mostModules} can be imported.`);
  }
  const embeddings = modules.filter((module) => module.kind === 'embedding');
  if (embeddings.length > 1) {
    throw noChain(
      `there are ${embeddings.length} embeddings: ${embeddings.map(({ name }) => name || 'weight').join(', ')}`,
      'A chain has one. Build models with several inputs on the canvas.',
    );
  }
  if (!modules.some((module) => module.kind === 'linear')) {
    throw noChain(
      'there is no nn.Linear that could be the head',
      'Save the state dict of the whole model, its last nn.Linear included. A head without a bias whose weight is the embedding’s is left out of a file by save_model: save it with save_file, too.',
    );
  }
  const readings = embeddings.length === 1 ? [modules] : [...modules.flatMap((module) => asEmbedding(module, modules)), modules];
  const found: Chain[] = [];
  const search = { tries: 0 };
  for (const reading of readings) extend([], [...reading].sort(inPreferredOrder), found, search);
  if (found.length > mostOrders || search.tries > mostTries) {
    throw noChain(
      `their widths allow more than ${Math.min(found.length, mostOrders)} orders`,
      'Build the model on the canvas, or export it with modules in one nn.Sequential, whose numbers are the order.',
    );
  }
  if (found.length === 0) {
    const widths = modules.map((module) => `${module.name || 'weight'} ${'in' in module ? module.in : 'tokens'} → ${module.out}`);
    throw noChain(
      `the widths do not fit one after the other (${widths.join(', ')})`,
      'Models that branch or join are built on the canvas.',
    );
  }
  return found;
}

/** The modules with one matrix read as the table of an embedding; none where it cannot be one. */
function asEmbedding(module: StockModule, modules: readonly StockModule[]): StockModule[][] {
  if (module.kind !== 'linear' || module.bias || module.tied !== undefined) return [];
  const embedding: StockModule = { kind: 'embedding', name: module.name, rows: module.out, out: module.in };
  return [modules.map((one) => (one === module ? embedding : one))];
}

/** Adds to `found` all chains that begin with these and run all that are left. */
function extend(chain: Chain, left: readonly StockModule[], found: Chain[], search: { tries: number }): void {
  if (found.length > mostOrders || ++search.tries > mostTries) return;
  const last = chain.at(-1);
  if (left.length === 0) {
    if (last?.kind === 'linear') found.push(chain);
    return;
  }
  const table = left.find((module) => module.kind === 'embedding');
  for (const next of table === undefined ? left : [table]) {
    if (next.kind !== 'embedding' && last !== undefined && next.in !== last.out) continue;
    if (left.some((other) => other !== next && standsBefore(other.name, next.name))) continue;
    extend(
      [...chain, next],
      left.filter((module) => module !== next),
      found,
      search,
    );
  }
}

const child = /^(.*\.)?(\d+)$/;

/** Whether both are children of one `nn.Sequential` (or list), the first under a smaller number. */
function standsBefore(a: string, b: string): boolean {
  const [one, other] = [child.exec(a), child.exec(b)];
  return one !== null && other !== null && one[1] === other[1] && Number(one[2]) < Number(other[2]);
}

const ranks = { embedding: 0, recurrent: 1, norm: 2, linear: 3 } as const;
const inPreferredOrder = (a: StockModule, b: StockModule): number => ranks[a.kind] - ranks[b.kind] || byName(a.name, b.name);

const noChain = (what: string, hint: string) => importError('no-chain', `The modules make no chain: ${what}.`, hint);
