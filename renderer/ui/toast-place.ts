/** Where messages may lie, the usual one first. */
export const toastPlaces = ['bottom', 'bottom-right', 'bottom-left', 'top'] as const;
export type ToastPlace = (typeof toastPlaces)[number];

/** Between two points that are looked at, px: less than a line of text is high. */
const pitch = 9;

/** The place at which the fewest points have something to read below the messages: the usual one where none is better. */
export function leastRead(toaster: HTMLElement): ToastPlace {
  const before = toaster.dataset['place'];
  const seen = new Map<Element, Look>();
  let [best, fewest]: [ToastPlace, number] = ['bottom', Number.POSITIVE_INFINITY];
  for (const place of toastPlaces) {
    toaster.dataset['place'] = place;
    const covered = coveredBy(toaster, seen);
    if (covered < fewest) [best, fewest] = [place, covered];
    if (fewest === 0) break;
  }
  if (before === undefined) delete toaster.dataset['place'];
  else toaster.dataset['place'] = before;
  return best;
}

/** Points of the messages' box below which something is read. */
function coveredBy(toaster: HTMLElement, seen: Map<Element, Look>): number {
  const { left, right, top, bottom } = toaster.getBoundingClientRect();
  let count = 0;
  for (let y = top + pitch / 2; y < bottom; y += pitch)
    for (let x = left + pitch / 2; x < right; x += 2 * pitch) if (isRead(x, y, toaster, seen)) count++;
  return count;
}

/** What an element has to read, and whether what is below it is seen through it. */
interface Look {
  readonly whole: boolean;
  readonly lines: readonly DOMRect[];
  readonly clear: boolean;
}

/** Read as a whole, wherever in it a point lies: figures, pictures, and what is pressed or written in. */
const whole = 'canvas, img, svg *, button, input, textarea, select, a, [role="slider"]';

function isRead(x: number, y: number, toaster: HTMLElement, seen: Map<Element, Look>): boolean {
  for (const element of document.elementsFromPoint(x, y)) {
    if (toaster.contains(element)) continue;
    const look = seen.get(element) ?? lookAt(element);
    seen.set(element, look);
    const near = pitch / 2;
    const onLine = look.lines.some((l) => x > l.left - near && x < l.right + near && y > l.top - near && y < l.bottom + near);
    if (look.whole || onLine) return true;
    if (!look.clear) return false;
  }
  return false;
}

function lookAt(element: Element): Look {
  const lines: DOMRect[] = [];
  for (const node of element.childNodes) {
    if (node.nodeType !== Node.TEXT_NODE || node.textContent?.trim() === '') continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    lines.push(...range.getClientRects());
  }
  // What has a ground of its own hides what lies below it.
  const ground = getComputedStyle(element).backgroundColor;
  return { whole: element.matches(whole), lines, clear: /^rgba\(.*, 0\)$|^transparent$/.test(ground) };
}
