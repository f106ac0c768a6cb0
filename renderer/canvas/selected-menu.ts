import { useDocumentStore } from '../store/document-store.ts';

/** What has the focus on the canvas, otherwise the first of what is selected; `null` when nothing is, or it is out of view. */
export function selectedElement(): Element | null {
  const focused = document.activeElement?.closest('.react-flow__node, .react-flow__edge');
  if (focused) return focused;
  const [first] = useDocumentStore.getState().selection;
  return first === undefined ? null : document.querySelector(`.react-flow [data-id="${CSS.escape(first)}"]`);
}

/** Opens its menu, as a right click in its middle does. */
export function openSelectedMenu(): void {
  const element = selectedElement();
  if (!element) return;
  const { left, top, width, height } = element.getBoundingClientRect();
  const place = { clientX: left + width / 2, clientY: top + height / 2 };
  element.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true, ...place }));
}
