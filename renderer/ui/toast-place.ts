/** Where messages lie: at which side of the window, and how far above its lower end, px. */
export interface ToastPlace {
  readonly side: 'centre' | 'right' | 'left';
  readonly lift: number;
}

export const usualPlace: ToastPlace = { side: 'centre', lift: 40 };

/** Between two heights that are tried, and from the top of the window to what lies highest, px. */
const step = 32;
const header = 48;
/** By how much more the messages are rather lifted than put aside, px. */
const aside = { centre: 0, right: 90, left: 130 } as const;
/** Between two points that are looked at, px: hardly a word is as narrow, or a line as low. */
const pitch = { x: 30, y: 11 };

/** The place with the fewest points that have something to read below the messages: of such, the one nearest to the usual one. */
export function leastRead(messages: HTMLElement): ToastPlace {
  const boxes = [...messages.children].map((message) => message.getBoundingClientRect());
  const [width, height] = [Math.max(0, ...boxes.map((box) => box.width)), messages.getBoundingClientRect().height];
  const seen = new Map<Element, Look>();
  let [best, fewest] = [usualPlace, Number.POSITIVE_INFINITY];
  for (const place of placesFor(height)) {
    const box = new DOMRect(leftAt(place, width), innerHeight - place.lift - height, width, height);
    const covered = coveredBy(box, messages, seen, fewest);
    if (covered < fewest) [best, fewest] = [place, covered];
    if (fewest === 0) break;
  }
  return best;
}

function placesFor(height: number): readonly ToastPlace[] {
  const places: ToastPlace[] = [];
  for (let lift = usualPlace.lift; lift + height < innerHeight - header; lift += step)
    places.push({ side: 'centre', lift }, { side: 'right', lift }, { side: 'left', lift });
  return places.sort((a, b) => a.lift + aside[a.side] - b.lift - aside[b.side]);
}

/** Of room between the messages and what is read, px. */
const room = 8;

/** From the window's edge, px: as `toast.css` has it. */
const margin = 12;
const leftAt = ({ side }: ToastPlace, width: number): number =>
  side === 'centre' ? (innerWidth - width) / 2 : side === 'left' ? margin : innerWidth - width - margin;

/** Points of the box below which something is read; no longer counted once it is no better than another. */
function coveredBy(box: DOMRect, messages: HTMLElement, seen: Map<Element, Look>, enough: number): number {
  let count = 0;
  for (let y = box.top - room; y <= box.bottom + room && count < enough; y += pitch.y)
    for (let x = box.left - room; x <= box.right + room && count < enough; x += pitch.x)
      if (isRead(x, y, messages, seen)) count++;
  return count;
}

/** A line of text, or a figure's edge, this near is covered too, px. */
const near = 5;

/** What an element has to read, and whether what is below it is seen through it. */
interface Look {
  readonly whole: boolean;
  readonly lines: readonly DOMRect[];
  readonly clear: boolean;
}

/** Read as a whole, wherever in it a point lies: figures, pictures, and what is pressed or written in. */
const whole = 'canvas, img, svg *, button, input, textarea, select, a, [role="slider"], [role="progressbar"]';

function isRead(x: number, y: number, messages: HTMLElement, seen: Map<Element, Look>): boolean {
  for (const element of document.elementsFromPoint(x, y)) {
    if (messages.contains(element)) continue;
    const look = seen.get(element) ?? lookAt(element);
    seen.set(element, look);
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
