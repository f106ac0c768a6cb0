import katex from 'katex';
import { brokenLines } from './broken-lines.ts';
import { whenIdle } from './when-idle.ts';

/** A formula in its place. */
export interface Formula {
  readonly element: HTMLElement;
  /** TeX. */
  readonly tex: string;
  readonly display: boolean;
  /** Whether parts of it bear data of ours, by `\htmlData`. */
  readonly marked: boolean;
}

const htmlOf = ({ tex, display, marked }: Omit<Formula, 'element'>): string =>
  katex.renderToString(tex, {
    displayMode: display,
    throwOnError: false,
    output: 'htmlAndMathml',
    ...(marked ? { trust: ({ command }) => command === '\\htmlData', strict: false } : {}),
  });

/** The formula that is shown, or is to be shown, in each place: one whose words have changed meanwhile is not gone on with. */
const newest = new WeakMap<HTMLElement, Formula>();
const isNewest = (formula: Formula): boolean => newest.get(formula.element) === formula && formula.element.isConnected;

/** Sets a formula in type, now. */
export function typeset(formula: Formula): void {
  newest.set(formula.element, formula);
  formula.element.innerHTML = htmlOf(formula);
  if (formula.display) fitSoon(formula);
}

/** What was set last: the pages of layers and cells are read again and again. */
const known = new Map<string, string>();
const most = 300;

function htmlKnown(formula: Formula): string {
  const key = `${formula.display} ${formula.marked} ${formula.tex}`;
  const html = known.get(key) ?? htmlOf(formula);
  known.set(key, html);
  for (const oldest of [...known.keys()].slice(0, Math.max(0, known.size - most))) known.delete(oldest);
  return html;
}

const waiting = new Set<Formula>();

/**
 * Sets a formula in type when the page has nothing else to do, one after the other and each in steps: to set, lay out, break and lay out
 * again a formula of many lines takes longer than a frame.
 *
 * @returns what gives it up
 */
export function typesetSoon(formula: Formula): () => void {
  newest.set(formula.element, formula);
  if (waiting.size === 0) whenIdle(setWaiting(), () => undefined);
  waiting.add(formula);
  return () => {
    waiting.delete(formula);
    if (newest.get(formula.element) === formula) newest.delete(formula.element);
  };
}

function* setWaiting(): Generator<void, void> {
  for (const formula of waiting) {
    waiting.delete(formula);
    const html = htmlKnown(formula);
    yield;
    if (!isNewest(formula)) continue;
    formula.element.innerHTML = html;
    // The page lays it out by itself before it is measured.
    yield;
    if (formula.display) yield* fitting([formula]);
  }
}

const unfitted = new Set<Formula>();

/** For all formulas at once: to read a width lays the page out, to write something has it laid out again. */
function fitSoon(formula: Formula): void {
  if (unfitted.size === 0) queueMicrotask(fit);
  unfitted.add(formula);
}

function fit(): void {
  const formulas = [...unfitted];
  unfitted.clear();
  const steps = fitting(formulas);
  while (!steps.next().done);
}

/** A long line is broken, then made smaller instead of being cut. */
function* fitting(formulas: readonly Formula[]): Generator<void, void> {
  const here = formulas.filter(isNewest);
  // Its width is known once its fonts are there.
  if (document.fonts.status === 'loading') void document.fonts.ready.then(() => here.forEach(fitSoon));
  for (const { element } of here) element.style.fontSize = '';
  const long = here.filter(({ element }) => element.scrollWidth > element.clientWidth);
  if (long.length === 0) return;
  const broken = new Map(long.map((formula) => [formula, htmlKnown({ ...formula, tex: brokenLines(formula.tex) })]));
  yield;
  for (const [{ element }, html] of [...broken].filter(([formula]) => isNewest(formula))) element.innerHTML = html;
  yield;
  const rooms = long.filter(isNewest).map(({ element }) => ({ element, room: element.clientWidth / element.scrollWidth }));
  for (const { element, room } of rooms) if (room < 1) element.style.fontSize = `${Math.max(0.6, room * 0.96)}em`;
}
