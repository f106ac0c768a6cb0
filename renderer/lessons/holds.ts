import type { LessonCondition, SimpleCondition } from '../../engine/document/lesson.ts';
import type { GraphNode, UnrollDocument } from '../../engine/document/schema.ts';
import { findLayer } from '../../engine/layers/registry.ts';
import type { RunSummary } from '../../engine/protocol/runs.ts';

/** A run that was begun in the lesson; its document is `undefined` until it is read. */
export interface LessonRun {
  readonly summary: Pick<RunSummary, 'status' | 'best' | 'headline' | 'validation' | 'training'>;
  readonly document: UnrollDocument | undefined;
}

/** What a lesson's conditions are about. */
export interface Situation {
  readonly document: UnrollDocument;
  /** What the window shows: a tab, and the inside of a cell in its stead. */
  readonly shows: string;
  /** Whether a layer of the canvas is unfolded in time. */
  readonly unfolded: boolean;
  /** The view of the microscope that is open. */
  readonly view: string | null;
  readonly runs: readonly LessonRun[];
}

/** Whether a condition of a lesson is met. */
export function holds(condition: LessonCondition, situation: Situation): boolean {
  return condition.kind === 'all' ? condition.of.every((one) => isSo(one, situation)) : isSo(condition, situation);
}

function isSo(condition: SimpleCondition, { document, shows, unfolded, view, runs }: Situation): boolean {
  switch (condition.kind) {
    case 'node':
      return hasNode(document, condition.layer, condition.with);
    case 'wire':
      return canvases(document).some(({ nodes, edges }) => {
        const kind = new Map(nodes.map((node) => [node.id, node.kind]));
        return edges.some(({ from, to }) => kind.get(from.node) === condition.from && kind.get(to.node) === condition.to);
      });
    case 'shows':
      return condition.what === 'unfolded' ? unfolded : shows === condition.what;
    case 'view':
      return view === condition.view;
    case 'run':
      return runs.some((run) => fits(run, condition));
  }
}

function fits({ summary, document }: LessonRun, condition: Extract<SimpleCondition, { kind: 'run' }>): boolean {
  if (summary.status !== 'done' && summary.status !== 'stopped') return false;
  if (condition.layer !== undefined && (document === undefined || !hasNode(document, condition.layer, condition.with)))
    return false;
  if (condition.metric === undefined) return true;
  const { metric } = condition;
  const judged = summary.validation ?? summary.training;
  const value = summary.headline.metric === metric ? (summary.best?.value ?? judged?.[metric]) : judged?.[metric];
  if (value === undefined || Number.isNaN(value)) return false;
  return value >= (condition.atLeast ?? -Infinity) && value <= (condition.atMost ?? Infinity);
}

const canvases = (document: UnrollDocument): readonly Pick<UnrollDocument, 'nodes' | 'edges'>[] => [document, ...document.blocks];

/** Whether a node of a kind with these settings has a wire: what lies beside the graph has no part in it. */
function hasNode(document: UnrollDocument, layer: string, settings: Readonly<Record<string, unknown>>): boolean {
  return canvases(document).some(({ nodes, edges }) => {
    const wired = new Set(edges.flatMap(({ from, to }) => [from.node, to.node]));
    return nodes.some((node) => node.kind === layer && wired.has(node.id) && isSet(node, settings));
  });
}

/** A setting that the node does not state has its default. */
function isSet({ kind, params }: GraphNode, settings: Readonly<Record<string, unknown>>): boolean {
  const wanted = Object.entries(settings);
  if (wanted.length === 0) return true;
  const parsed = findLayer(kind)?.config.safeParse(params);
  return parsed?.success === true && wanted.every(([name, value]) => parsed.data[name] === value);
}
