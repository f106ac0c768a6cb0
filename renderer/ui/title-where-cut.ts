import type { PointerEvent } from 'react';

/**
 * For `onPointerEnter` of what shows its text with an ellipsis where there is too little room, in itself or in its first element: then
 * the browser shows all of it beside the pointer. Text that is seen whole has no such title, as a screen reader would read it twice.
 */
export function titleWhereCut({ currentTarget }: PointerEvent<HTMLElement>): void {
  const cut = [currentTarget, currentTarget.firstElementChild].some((one) => one !== null && one.scrollWidth > one.clientWidth);
  if (cut) currentTarget.title = currentTarget.textContent ?? '';
  else currentTarget.removeAttribute('title');
}
