import { findLayer } from '../../engine/layers/registry.ts';
import type { Trace } from '../../engine/protocol/inspect.ts';
import { canvasPicture } from '../canvas/canvas-picture.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { titleOf } from '../store/node-cards.ts';
import { cardsTable, type TracedCard } from './cards-table.ts';
import { FigureTools } from './figure-tools.tsx';
import { recurrenceOfNode } from './recurrence-of-node.ts';
import { namingToken } from './step-names.ts';
import { useInsight } from './store.ts';
import { sentenceOf } from './time-axis.ts';
import { tracedOnCanvas } from './traced-nodes.ts';
import { valuesAtHand } from './use-values.ts';

/** What the canvas shows of a network that is looked into, as numbers and as a picture. */
export function CardsFigure({ trace }: { readonly trace: Trace }) {
  const name = useDocumentStore((s) => `What flows through ${s.whole.name}`);
  return (
    <FigureTools
      name={name}
      table={() => cardsTable(trace, cardsOf(trace), ({ place }, value) => valuesAtHand(trace.trace, place, value))}
      svg={() => canvasPicture(`${name}, ${momentOf(trace)}`)}
    />
  );
}

function cardsOf(trace: Trace): readonly TracedCard[] {
  const { document } = useDocumentStore.getState();
  const traced = tracedOnCanvas(trace);
  return document.nodes.map((node) => {
    const cell = findLayer(node.kind)?.family === 'cell' ? recurrenceOfNode(trace, node.id, useInsight.getState().place) : null;
    return { title: titleOf(document, node), cell, node: traced.get(node.id) ?? null };
  });
}

/** Which step of it the picture shows. */
function momentOf(trace: Trace): string {
  const { cursor } = useInsight.getState();
  const token = namingToken(sentenceOf(trace).steps[cursor]?.token ?? '');
  return `step ${cursor + 1}${token === '' ? '' : ` “${token}”`}`;
}
