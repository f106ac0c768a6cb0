import type { GraphNode, UnrollDocument } from '../document/schema.ts';
import { optimizerNames } from '../document/training-settings.ts';
import { expandBlocks } from '../graph/blocks/expand.ts';
import { listSettings, usedNodes } from '../graph/settings-list.ts';
import { findLayer } from '../layers/registry.ts';

/** How many settings a name may hold beside model and optimizer. */
const mostDifferences = 2;

interface NamedRun {
  readonly name: string;
  readonly document: UnrollDocument;
}

/**
 * A name that tells a run from the others: `BiLSTM 128 · Adam 0.005`. Where runs of the same model and optimizer are kept, what is not
 * as in the last of them follows (`· dropout between 0.3`), and a number where nothing is.
 *
 * @param kept runs of the same document, newest first
 */
export function nameRun(document: UnrollDocument, kept: readonly NamedRun[] = []): string {
  const { optimizer, learningRate } = document.training;
  const rate = optimizer.kind === 'particle-swarm' ? '' : ` ${learningRate}`;
  const base = `${modelName(document)} · ${optimizerNames[optimizer.kind]}${rate}`.slice(0, 120);
  const alike = kept.filter((run) => run.name === base || run.name.startsWith(`${base} · `) || run.name.startsWith(`${base} (`));
  const last = alike[0];
  if (last === undefined) return base;
  const before = new Map(listSettings(last.document).map((s) => [`${s.group} ${s.setting}`, s.value]));
  const changed = listSettings(document)
    .filter((s) => s.group !== 'Data' && before.get(`${s.group} ${s.setting}`) !== s.value)
    .map((s) => `${s.setting.split(' · ').at(-1)} ${s.value}`.slice(0, 40));
  const named = [base, ...changed.slice(0, mostDifferences)].join(' · ');
  if (!alike.some((run) => run.name === named)) return named;
  for (let count = 2; ; count++) {
    const numbered = `${named} (${count})`;
    if (!alike.some((run) => run.name === numbered)) return numbered;
  }
}

/** The layers that make the model what it is, from the input to the head: `2 × BiLSTM 128 → GRU 64`. */
export function modelName(placed: UnrollDocument): string {
  const document = { ...placed, ...expandBlocks(placed).graph };
  const used = usedNodes(document);
  const byId = new Map(used.map((node) => [node.id, node]));
  const into = (node: GraphNode): GraphNode[] =>
    document.edges.filter((edge) => edge.to.node === node.id).flatMap((edge) => byId.get(edge.from.node) ?? []);
  const seen = new Set<GraphNode>();
  const ordered: GraphNode[] = [];
  const visit = (node: GraphNode): void => {
    if (seen.has(node)) return;
    seen.add(node);
    for (const source of into(node)) visit(source);
    ordered.push(node);
  };
  for (const node of used) visit(node);
  const briefs = ordered
    .filter((node) => findLayer(node.kind)?.family !== 'cell')
    .map((node) => brief(node, briefOfCell(into(node))))
    .filter((words) => words !== null);
  return briefs.length === 0 ? document.name : briefs.join(' → ');
}

function briefOfCell(sources: readonly GraphNode[]): string {
  const cell = sources.find((source) => findLayer(source.kind)?.family === 'cell');
  return (cell && brief(cell, '')) ?? 'cell';
}

function brief(node: GraphNode, cell: string): string | null {
  const layer = findLayer(node.kind);
  const config = layer?.config.safeParse(node.params);
  return (config?.success && layer?.brief?.(config.data, cell)) || null;
}
