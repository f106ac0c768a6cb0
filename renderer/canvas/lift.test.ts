import type { Transform } from '@xyflow/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { node } from '../../engine/document/fixtures/graph-literals.ts';
import { emptyDocument } from '../../engine/document/schema.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { useDrawn } from './drawn-store.ts';
import { commonShift, liftedPlace, liftTo, putDown } from './lift.ts';

const places = (...all: readonly [id: string, x: number, y: number][]) => new Map(all.map(([id, x, y]) => [id, { x, y }]));
const near = { transform: [0, 0, 1] as Transform, width: 800, height: 600 };
const drawn = () => {
  const { dragged, shift } = useDrawn.getState();
  return { dragged, shift };
};

/** What the page draws, by class. */
class Drawn {
  readonly style = { translate: '', zIndex: '' };
  readonly dataset: { readonly id?: string };
  constructor(id?: string) {
    this.dataset = id === undefined ? {} : { id };
  }
}
let page: Readonly<Record<string, readonly Drawn[]>> = {};
let asked = 0;
const look = (name: string): readonly Drawn[] => {
  asked++;
  return page[name] ?? [];
};

beforeEach(() => {
  page = {};
  vi.stubGlobal('HTMLElement', Drawn);
  vi.stubGlobal('document', { getElementsByClassName: look });
  useDocumentStore.setState({ document: emptyDocument() });
  putDown();
});
afterEach(() => vi.unstubAllGlobals());

it('shifts nodes that move alike, and places anew those that do not', () => {
  const first = places(['a', 10, 10], ['b', 50, 0]);
  liftTo(first, near);
  expect(drawn()).toEqual({ dragged: first, shift: { x: 0, y: 0 } });
  liftTo(places(['a', 21, 32], ['b', 61, 22]), near);
  expect(drawn()).toEqual({ dragged: first, shift: { x: 11, y: 22 } });
  expect([liftedPlace('b'), liftedPlace('c')]).toEqual([{ x: 61, y: 22 }, undefined]);
  const apart = places(['a', 21, 32], ['b', 60, 22]);
  liftTo(apart, near);
  expect(drawn()).toEqual({ dragged: apart, shift: { x: 0, y: 0 } });
  putDown();
  expect(drawn()).toEqual({ dragged: new Map(), shift: { x: 0, y: 0 } });
});

it('leaves what is lifted placed where it lies in the document, so that React Flow has nothing to compare', () => {
  const document = {
    ...emptyDocument(),
    nodes: [{ ...node('a', 'dense'), position: { x: 5, y: 7 } }],
    comments: [{ id: 'note', text: '', position: { x: 1, y: 1 }, size: { width: 9, height: 9 } }],
    frames: [{ id: 'frame', title: '', colour: 'grey' as const, position: { x: 0, y: 2 }, size: { width: 9, height: 9 } }],
  };
  useDocumentStore.setState({ document });
  liftTo(places(['a', 16, 7], ['note', 12, 1], ['frame', 11, 2]), near);
  expect(drawn().shift).toEqual({ x: 11, y: 0 });
  expect(drawn().dragged.get('a')).toBe(document.nodes[0]?.position);
  expect(liftedPlace('frame')).toEqual({ x: 11, y: 2 });
});

it('places anew when the view moves under the drag, as React Flow draws only what lies in it', () => {
  liftTo(places(['a', 0, 0]), near);
  liftTo(places(['a', 11, 0]), { ...near, transform: [-11, 0, 1] });
  expect(drawn()).toEqual({ dragged: places(['a', 11, 0]), shift: { x: 0, y: 0 } });
});

it('places anew after 150 pixels while some of them are out of view, and so not drawn', () => {
  const shiftAfter = (x: number, zoom: number, other: number): number => {
    putDown();
    const at = (moved: number) => places(['a', moved, 0], ['b', other + moved, 0]);
    const view = { ...near, transform: [0, 0, zoom] as Transform };
    liftTo(at(0), view);
    liftTo(at(x), view);
    return useDrawn.getState().shift.x;
  };
  expect([shiftAfter(300, 0.5, 1601), shiftAfter(301, 0.5, 1601), shiftAfter(-301, 0.5, 1601)]).toEqual([300, 0, 0]);
  expect(shiftAfter(301, 0.5, 1599)).toBe(301);
});

it.each([
  ['a node more', places(['a', 0, 0]), places(['a', 0, 0], ['b', 0, 0])],
  ['another node', places(['a', 0, 0]), places(['b', 0, 0])],
])('finds no common shift with %s', (_, from, to) => {
  expect(commonShift(from, to)).toBe(null);
});

const elements = (count: number): Drawn[] => Array.from({ length: count }, (_, i) => new Drawn(`n${i}`));
const lying = (count: number, x = 0) => new Map(Array.from({ length: count }, (_, i) => [`n${i}`, { x, y: 0 }]));
/** Lays nodes into the document, and drags the first of them. */
function drag(nodes: number, count: number, x: number): void {
  const document = emptyDocument();
  useDocumentStore.setState({
    document: { ...document, nodes: elements(nodes).map(({ dataset }) => node(dataset.id ?? '', 'dense')) },
  });
  liftTo(lying(count, x), near);
}

it('shifts each of a few nodes, with the box around what is selected, until they are put down', () => {
  const [own, other, box] = [new Drawn('n0'), new Drawn('n1'), new Drawn()];
  page = { 'react-flow__node': [own, other], 'react-flow__nodesselection-rect': [box] };
  drag(2, 1, 22);
  const shown = () => [own, other, box].map(({ style }) => style.translate);
  expect(shown()).toEqual(['22px 0px', '', '22px 0px']);
  liftTo(lying(1, 33), near);
  expect(shown()).toEqual(['33px 0px', '', '33px 0px']);
  putDown();
  expect(shown()).toEqual(['', '', '']);
});

it('looks for what it shifts once a lift, among a thousand', () => {
  page = { 'react-flow__node': elements(1000) };
  drag(1000, 1, 11);
  asked = 0;
  for (const x of [22, 33, 44]) liftTo(lying(1, x), near);
  expect([asked, page['react-flow__node']?.[0]?.style.translate]).toEqual([0, '44px 0px']);
});

it('shifts all nodes as one where many and most are dragged, and the others back', () => {
  const [nodes, around] = [elements(61), new Drawn()];
  page = { 'react-flow__node': nodes, 'react-flow__nodes': [around] };
  drag(61, 60, 22);
  expect([around.style, nodes[0]?.style.translate, nodes[60]?.style.translate]).toEqual([
    { translate: '22px 0px', zIndex: '1000' },
    '',
    '-22px 0px',
  ]);
  putDown();
  expect([around.style, nodes[60]?.style.translate]).toEqual([{ translate: '', zIndex: '' }, '']);
});

it.each([
  ['they are not most', 130, 60, {}],
  ['they are few', 51, 50, {}],
  ['a frame lies behind the wires', 61, 60, { 'react-flow__node-frame': [new Drawn('frame')] }],
])('shifts each by itself where %s', (_, all, count, others) => {
  const [nodes, around] = [elements(all), new Drawn()];
  page = { 'react-flow__node': nodes, 'react-flow__nodes': [around], ...others };
  drag(all, count, 22);
  expect(nodes.filter(({ style }) => style.translate === '22px 0px').length).toBe(count);
  expect(around.style.translate).toBe('');
});
