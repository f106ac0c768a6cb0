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

/** Sets a formula in type, now. */
export const typeset = (formula: Formula): void => put(formula, htmlOf(formula));

/** What was set last: the pages of layers and cells are read again and again. */
const known = new Map<string, string>();
const most = 300;

const waiting = new Set<Formula>();

/**
 * Sets a formula in type when the page has nothing else to do, one after the other: to lay them out takes longer than a frame, too.
 *
 * @returns what gives it up
 */
export function typesetSoon(formula: Formula): () => void {
  if (waiting.size === 0) whenIdle(setWaiting(), () => undefined);
  waiting.add(formula);
  return () => void waiting.delete(formula);
}

function* setWaiting(): Generator<void, void> {
  for (const formula of waiting) {
    waiting.delete(formula);
    const key = `${formula.display} ${formula.tex}`;
    const html = known.get(key) ?? htmlOf(formula);
    known.set(key, html);
    for (const oldest of [...known.keys()].slice(0, Math.max(0, known.size - most))) known.delete(oldest);
    put(formula, html);
    fit();
    yield;
  }
}

function put(formula: Formula, html: string): void {
  formula.element.innerHTML = html;
  if (formula.display) fitSoon(formula);
}

const unfitted = new Set<Formula>();

/** For all formulas at once: to read a width lays the page out, to write something has it laid out again. */
function fitSoon(formula: Formula): void {
  if (unfitted.size === 0) queueMicrotask(fit);
  unfitted.add(formula);
}

/** A long line is broken, then made smaller instead of being cut. */
function fit(): void {
  const formulas = [...unfitted].filter(({ element }) => element.isConnected);
  unfitted.clear();
  for (const { element } of formulas) element.style.fontSize = '';
  const long = formulas.filter(({ element }) => element.scrollWidth > element.clientWidth);
  for (const formula of long) formula.element.innerHTML = htmlOf({ ...formula, tex: brokenLines(formula.tex) });
  const rooms = long.map(({ element }) => element.clientWidth / element.scrollWidth);
  for (const [i, { element }] of long.entries()) {
    const room = rooms[i] ?? 1;
    if (room < 1) element.style.fontSize = `${Math.max(0.6, room * 0.96)}em`;
  }
  // Its width is known once its fonts are there.
  if (document.fonts.status === 'loading') void document.fonts.ready.then(() => formulas.forEach(fitSoon));
}
