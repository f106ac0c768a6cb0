/** Where messages lie: at which side of the window, and how far above its lower end, px. */
export interface ToastPlace {
  readonly side: 'centre' | 'right' | 'left';
  readonly lift: number;
}

export const usualPlace: ToastPlace = { side: 'centre', lift: 40 };

/** Tried in this order: at the lower end, and further up, where a panel lies there. */
const places: readonly ToastPlace[] = [40, 150, 260].flatMap((lift) =>
  (['centre', 'right', 'left'] as const).map((side) => ({ side, lift })),
);
/** Between two points that are looked at, px: there are few of them, since each may cost a tenth of a millisecond on a large graph. */
const pitch = { x: 48, y: 14 };
/** From the window's edge, px. */
export const margin = 12;

/** The first of the places with the fewest points that have something to read below the messages. */
export function leastRead(messages: HTMLElement): ToastPlace {
  const width = Math.max(0, ...[...messages.children].map((message) => message.getBoundingClientRect().width));
  const { height } = messages.getBoundingClientRect();
  messages.style.visibility = 'hidden';
  let [best, fewest] = [usualPlace, Number.POSITIVE_INFINITY];
  for (const place of places) {
    const covered = coveredAt(leftAt(place, width), innerHeight - place.lift - height, width, height, fewest);
    if (covered < fewest) [best, fewest] = [place, covered];
    if (fewest === 0) break;
  }
  messages.style.visibility = '';
  return best;
}

const leftAt = ({ side }: ToastPlace, width: number): number =>
  side === 'centre' ? (innerWidth - width) / 2 : side === 'left' ? margin : innerWidth - width - margin;

/** Points of a box below which something is read; no longer counted once they are no fewer than elsewhere. */
function coveredAt(left: number, top: number, width: number, height: number, enough: number): number {
  let count = 0;
  for (let y = top; y <= top + height && count < enough; y += pitch.y)
    for (let x = left; x <= left + width && count < enough; x += pitch.x) if (isRead(document.elementFromPoint(x, y))) count++;
  return count;
}

/** Figures, pictures, what is pressed or written in, and what has words of its own. */
const whole = 'canvas, img, svg *, button, input, textarea, select, a, [role="slider"], [role="progressbar"]';
const isRead = (element: Element | null): boolean =>
  element !== null &&
  (element.matches(whole) ||
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== ''));
