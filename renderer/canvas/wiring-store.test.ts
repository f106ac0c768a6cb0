import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { largeDocument } from '../../bench/canvas/large-document.ts';
import { node, port, wire } from '../../engine/document/fixtures/graph-literals.ts';
import { noFacts } from '../../engine/graph/infer-shapes.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { type PortEnd, plausibleEnds, portId, possibleEnds } from './port-choices.ts';
import { beginWiring, endWiring, fitOfNode, fitOfPort, useWiring } from './wiring-store.ts';

const { getState } = useWiring;
/** A tower 64 wide, beside it tokens that are embedded 8 wide: the type of what that gives fits many ports that its width does not. */
const tower = largeDocument(200, 300);
const document = {
  ...tower,
  nodes: [...tower.nodes, node('narrow', 'embedding', { width: 8 })],
  edges: [...tower.edges, wire('tokens.tokens > narrow.tokens')],
};
const from = port('narrow.sequence');
const plausible = plausibleEnds(document, noFacts, from, 'output');
const possible = possibleEnds(document, noFacts, from, 'output');
const ids = (ends: readonly PortEnd[]): ReadonlySet<string> => new Set(ends.map((end) => portId(end.port, end.direction)));

beforeEach(() => {
  vi.useFakeTimers();
  useDocumentStore.getState().load({ document, path: null });
  // Each look at the clock is 5 ms later.
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 5));
});
afterEach(() => {
  endWiring();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

it('shows as ends of a wire the ports that would take it, and no other', () => {
  expect([possible.length > 40, plausible.length - possible.length > 20]).toEqual([true, true]);
  beginWiring(from, 'output');
  vi.runAllTimers();
  expect(getState().fits).toEqual(ids(possible));
  expect(getState().fitNodes).toEqual(new Set(possible.map((end) => end.port.node)));
  const fits = plausible.filter((end) => fitOfPort(getState(), end.port, 'input') === 'yes');
  expect(ids(fits)).toEqual(ids(possible));
  expect(plausible.every((end) => fitOfPort(getState(), end.port, 'input') !== undefined)).toBe(true);
  expect(fitOfNode(getState(), 'tokens')).toBe('no');
  expect([fitOfNode(getState(), 'narrow'), fitOfPort(getState(), from, 'output')]).toEqual(['start', 'start']);
});

it('compares a few at a time, and shows of the others nothing until then', () => {
  const told = () => plausible.filter((end) => fitOfPort(getState(), end.port, 'input') !== undefined).length;
  beginWiring(from, 'output');
  expect(told()).toBe(1);
  const last = plausible.at(-1)?.port ?? from;
  expect([fitOfPort(getState(), last, 'input'), fitOfNode(getState(), last.node)]).toEqual([undefined, undefined]);
  expect(fitOfPort(getState(), port('tokens.tokens'), 'output')).toBe('no');
  vi.advanceTimersByTime(24);
  expect(told()).toBe(2);
  vi.runAllTimers();
  expect(told()).toBe(plausible.length);
});

it('stops when the wire is let go of, or another is drawn', () => {
  beginWiring(from, 'output');
  endWiring();
  vi.runAllTimers();
  expect([getState().fits.size, getState().from]).toEqual([0, null]);
  beginWiring(from, 'output');
  beginWiring(port('head.input'), 'input');
  vi.runAllTimers();
  expect([...getState().fits].every((id) => id.startsWith('output/'))).toBe(true);
});
