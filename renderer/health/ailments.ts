import { nodeAt } from '../../engine/document/node-of.ts';
import type { UnrollDocument } from '../../engine/document/schema.ts';
import { placeOf } from '../../engine/graph/blocks/inside-id.ts';
import type { Remedy } from '../../engine/lint/finding.ts';
import type { HealthVerdict, Illness } from '../../engine/lint/health-verdicts.ts';
import { type Level, levelKey } from '../store/levels.ts';
import { titleOf } from '../store/node-cards.ts';

/** What an illness is called, on a card and in a sentence. */
export const illnessWords: Readonly<Record<Illness, { readonly short: string; readonly sentence: string }>> = {
  vanishes: { short: 'vanishes', sentence: 'Gradients vanish' },
  explodes: { short: 'explodes', sentence: 'Gradients explode' },
  saturated: { short: 'saturated', sentence: 'Values are saturated' },
  dead: { short: 'dead units', sentence: 'Units are dead' },
};

/** A layer and direction of a wrapper. */
type Place = Pick<HealthVerdict, 'node' | 'layer' | 'direction'>;

/** Where it is, in words: `Encoder › Recurrent, layer 2, backward`; of one layer, or one direction, neither is told. */
export function placeInWords(document: UnrollDocument, place: Place, all: readonly Place[]): string {
  const { path, id } = placeOf(place.node);
  const titles = [...path, id].map((step, depth) => {
    const node = nodeAt(document, path.slice(0, depth), step);
    return node === undefined ? step : titleOf(document, node);
  });
  const same = all.filter(({ node }) => node === place.node);
  const deep = place.layer > 0 || same.some(({ layer }) => layer > 0);
  const both = place.direction === 'backward' || same.some(({ direction }) => direction === 'backward');
  return [titles.join(' › '), deep && `layer ${place.layer + 1}`, both && place.direction].filter(Boolean).join(', ');
}

/** One illness, wherever in the network it is. */
export interface Ailment {
  readonly kind: Illness;
  /** What and where: it stays as it is while the figures move. */
  readonly title: string;
  /** With the newest figures. */
  readonly message: string;
  /** Each for all the places that it helps. */
  readonly remedies: readonly Remedy[];
}

/**
 * @param trained the document that the run trains, for names
 * @param before verdicts of the run's own document: what they do not offer is no fix for these figures, such as a fix of a fix
 */
export function ailments(
  verdicts: readonly HealthVerdict[],
  trained: UnrollDocument,
  before: readonly HealthVerdict[],
): readonly Ailment[] {
  const kinds = [...new Set(verdicts.map(({ kind }) => kind))];
  return kinds.flatMap((kind): readonly Ailment[] => {
    const of = verdicts.filter((verdict) => verdict.kind === kind);
    const [first] = of;
    if (first === undefined) return [];
    const places = of.map((verdict) => placeInWords(trained, verdict, verdicts));
    const labels = before
      .filter((verdict) => verdict.kind === kind)
      .flatMap(({ remedies }) => remedies.map(({ label }) => label));
    const offered = of.flatMap(({ remedies }) => remedies).filter(({ label }) => labels.includes(label));
    return [
      {
        kind,
        title: `${illnessWords[kind].sentence} in ${places.join('; ')}.`,
        message:
          of.length > 1 ? `${places[0]}: ${first.message}.` : `${first.message[0]?.toUpperCase()}${first.message.slice(1)}.`,
        remedies: [...new Set(offered.map(({ label }) => label))].map((label) => ({
          label,
          apply: (document) => offered.reduce((edited, one) => (one.label === label ? one.apply(edited) : edited), document),
        })),
      },
    ];
  });
}

/** What a card tells of its health. */
export interface HealthMark {
  /** The run whose figures they are. */
  readonly run: string;
  readonly kind: Illness;
  /** Of the recurrence that it begins with. */
  readonly place: Place;
  readonly sentences: readonly string[];
}

/** The marks of a canvas, by the ids of its nodes: what is inside of a block marks the block. */
export function marksAt(
  run: string,
  verdicts: readonly HealthVerdict[],
  document: UnrollDocument,
  level: Level,
): ReadonlyMap<string, HealthMark> {
  const marks = new Map<string, HealthMark>();
  for (const verdict of verdicts) {
    const { path, id } = placeOf(verdict.node);
    if (levelKey(path.slice(0, level.length)) !== levelKey(level)) continue;
    const card = path[level.length] ?? id;
    const sentence = `${illnessWords[verdict.kind].sentence} in ${placeInWords(document, verdict, verdicts)}: ${verdict.message}`;
    const { kind, node, layer, direction } = verdict;
    const known = marks.get(card) ?? { run, kind, place: { node, layer, direction }, sentences: [] };
    marks.set(card, { ...known, sentences: [...known.sentences, sentence] });
  }
  return marks;
}
