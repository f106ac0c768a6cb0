import { beforeEach, expect, it } from 'vitest';
import { node, wire } from '../../engine/document/fixtures/graph-literals.ts';
import { emptyDocument } from '../../engine/document/schema.ts';
import { noFacts } from '../../engine/graph/infer-shapes.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { cellFitsWrapper, fitsWire, fitsWrapper } from './drop-fits.ts';
import { layerPart } from './parts.ts';

const store = useDocumentStore.getState;
/** Tokens → embedding → recurrent with an LSTM; another without a cell, and a GRU. */
const document = {
  ...emptyDocument(),
  nodes: [
    node('in', 'token-input'),
    node('embed', 'embedding', { width: 4 }),
    node('lstm', 'lstm-cell', { hidden: 8 }),
    node('wrap', 'recurrent'),
    node('bare', 'recurrent'),
    node('gru', 'gru-cell', { hidden: 8 }),
  ],
  edges: ['in.tokens > embed.tokens', 'embed.sequence > wrap.sequence', 'lstm.cell > wrap.cell'].map(wire),
};
const [tokens, embedded] = document.edges.map(({ id }) => id);

beforeEach(() => store().load({ document, path: null, facts: noFacts }));

it('a wire takes a layer that fits between its ends, and shows no other', () => {
  const fits = (kind: Parameters<typeof layerPart>[0], id: string | undefined) => fitsWire(layerPart(kind), id ?? '');
  expect([fits('dropout', embedded), fits('dense', embedded), fits('recurrent', embedded)]).toEqual([true, true, true]);
  expect([fits('dropout', tokens), fits('embedding', embedded), fits('token-input', tokens)]).toEqual([false, false, false]);
  expect(fits('dropout', 'gone')).toBe(false);
});

it('is what would be so now', () => {
  expect(fitsWire(layerPart('dropout'), embedded ?? '')).toBe(true);
  store().edit((d) => ({ ...d, edges: d.edges.filter(({ id }) => id !== embedded) }));
  expect(fitsWire(layerPart('dropout'), embedded ?? '')).toBe(false);
});

it('a wrapper takes a cell, also in the place of its own', () => {
  expect([fitsWrapper(layerPart('gru-cell'), 'wrap'), fitsWrapper(layerPart('gru-cell'), 'bare')]).toEqual([true, true]);
  expect([cellFitsWrapper('gru', 'wrap'), cellFitsWrapper('gru', 'bare')]).toEqual([true, true]);
  expect([fitsWrapper(layerPart('gru-cell'), 'embed'), cellFitsWrapper('gru', 'embed')]).toEqual([false, false]);
});

it('but not one that cannot take on the state that the wrapper begins with', () => {
  const { nodes, edges } = document;
  const own = [node('own', 'lstm-cell', { hidden: 8 }), node('next', 'recurrent')];
  const wires = ['wrap.output > next.sequence', 'own.cell > next.cell', 'wrap.state > next.initial'].map(wire);
  store().load({ document: { ...document, nodes: [...nodes, ...own], edges: [...edges, ...wires] }, path: null, facts: noFacts });
  expect([fitsWrapper(layerPart('lstm-cell'), 'next'), cellFitsWrapper('lstm', 'next')]).toEqual([true, true]);
  expect([fitsWrapper(layerPart('gru-cell'), 'next'), cellFitsWrapper('gru', 'next')]).toEqual([false, false]);
});
