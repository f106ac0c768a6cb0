import { findCell } from '../cells/registry.ts';
import { nodeOf } from '../document/node-of.ts';
import type { UnrollDocument } from '../document/schema.ts';
import { expandBlocks, placedAt } from '../graph/blocks/expand.ts';
import { placeOf } from '../graph/blocks/inside-id.ts';
import type { RecurrenceHealth, RunHealth } from '../protocol/health.ts';
import type { Remedy } from './finding.ts';
import { type Patient, type RemedyName, remedies } from './health-remedies.ts';
import { remedyInDocument } from './inside-remedy.ts';

export type Illness = 'vanishes' | 'explodes' | 'saturated' | 'dead';

/** What is wrong with a recurrence while it trains, and what can be done. */
export interface HealthVerdict {
  readonly kind: Illness;
  /** The wrapper's id in the plan. */
  readonly node: string;
  readonly layer: number;
  readonly direction: RecurrenceHealth['direction'];
  /** With the figure that it follows from. */
  readonly message: string;
  /** In the order in which to try them; none that the document has already. */
  readonly remedies: readonly Remedy[];
}

/** Fewer steps tell nothing of what happens over many. */
const fewestSteps = 5;

/** From where on something is wrong, and its fixes: the only place that says so. */
export const illnesses: Readonly<
  Record<Illness, { readonly found: (health: RecurrenceHealth) => string | null; readonly remedies: readonly RemedyName[] }>
> = {
  vanishes: {
    found: ({ kept, steps }) =>
      kept !== null && steps >= fewestSteps && kept < 1e-4
        ? `of the last step’s gradient ${shortShare(kept)} is left ${Math.round(steps)} steps before it: what stands there is hardly learned from`
        : null,
    remedies: ['gated-cell', 'forget-bias', 'orthogonal-start', 'residual'],
  },
  explodes: {
    found: ({ kept, steps }) =>
      kept !== null && !(kept <= 100)
        ? `the last step’s gradient has grown ${Number.isFinite(kept) ? `${Number(kept.toPrecision(2))} times` : 'beyond all numbers'} ${Math.round(steps)} steps before it`
        : null,
    remedies: ['clip', 'gated-cell', 'orthogonal-start', 'truncation'],
  },
  saturated: {
    found: ({ squashed }) => {
      const [worst] = squashed
        .filter(({ carries }) => !carries)
        .map(({ name, low, high }) => ({ name, share: low + high }))
        .filter(({ share }) => share > 0.8)
        .sort((a, b) => b.share - a.share);
      return worst === undefined
        ? null
        : `the values of ${worst.name} are at an end of their range ${shortShare(worst.share)} of the time: hardly a gradient passes them`;
    },
    remedies: ['learning-rate', 'clip'],
  },
  dead: {
    found: ({ dead, units }) => (dead !== null && dead > units / 4 ? `${dead} of ${units} units never change` : null),
    remedies: ['activation', 'learning-rate'],
  },
};

/** A share in percent, of two figures. */
export const shortShare = (share: number): string => `${Number((100 * share).toPrecision(2))} %`;

/**
 * What a measured training step says is wrong, recurrence by recurrence. Pure.
 *
 * @param document that the run trains
 */
export function healthVerdicts(document: UnrollDocument, { recurrences }: RunHealth): readonly HealthVerdict[] {
  const expansion = expandBlocks(document);
  const graph: UnrollDocument = { ...document, ...expansion.graph };
  return recurrences.flatMap((health) =>
    (Object.keys(illnesses) as Illness[]).flatMap((kind): readonly HealthVerdict[] => {
      const { node, layer, direction } = health;
      const message = illnesses[kind].found(health);
      if (message === null) return [];
      const patient = patientOf(graph, health);
      const within = placedAt(expansion, placeOf(node).path);
      const offered = patient === null ? [] : illnesses[kind].remedies.map((name) => remedies[name](patient));
      return [
        {
          kind,
          node,
          layer,
          direction,
          message,
          remedies: offered.flatMap((one) => remedyInDocument(one, document, within) ?? []),
        },
      ];
    }),
  );
}

function patientOf(document: UnrollDocument, health: RecurrenceHealth): Patient | null {
  const wrapper = nodeOf(document, health.node);
  const wire = document.edges.find(({ to }) => to.node === health.node && to.port === 'cell');
  const cell = nodeOf(document, wire?.from.node);
  const definition = findCell(cell?.kind ?? '');
  return wrapper && cell && definition ? { document, wrapper, cell, definition, health } : null;
}
