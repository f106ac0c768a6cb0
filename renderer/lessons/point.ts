import { useEffect } from 'react';
import type { LessonPart, LessonPoint } from '../../engine/document/lesson.ts';
import { focusWhenDrawn, goToNode, nodePlace } from '../canvas/focus-node.ts';
import { bringIntoView } from '../canvas/viewport-store.ts';
import { showSide } from '../store/dock-store.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { useUiStore } from '../store/ui-store.ts';

interface Part {
  readonly selector: string;
  /** Brings it onto the screen. */
  show?(): void;
}

const onDesign = (): void => useUiStore.getState().setTab('design');
const side = (name: 'layers' | 'inspector') => (): void => {
  onDesign();
  showSide(name);
};

/** Where each part that a lesson can point at is found in the window. */
export const parts: Readonly<Record<LessonPart, Part>> = {
  layers: { selector: '#layers', show: side('layers') },
  canvas: { selector: '#canvas', show: onDesign },
  inspector: { selector: '#inspector', show: side('inspector') },
  train: { selector: '.train' },
  'training-panel': { selector: '#training', show: onDesign },
  device: { selector: '.footer__device' },
  'data-tab': { selector: '#tab-data' },
  'runs-tab': { selector: '#tab-runs' },
  'playground-tab': { selector: '#tab-playground' },
  'look-inside': { selector: '.look-button', show: onDesign },
  sentence: { selector: '.sentence-bar', show: onDesign },
  microscope: { selector: '.microscope', show: onDesign },
};

const nodeOfKind = (kind: string): string | undefined =>
  useDocumentStore.getState().document.nodes.find((node) => node.kind === kind)?.id;

/** The nodes that a step points at. */
const nodesOf = (point: Exclude<LessonPoint, { part: LessonPart }>): readonly string[] =>
  ('node' in point ? [point.node] : [point.from, point.to]).flatMap((kind) => nodeOfKind(kind) ?? []);

const selectorOf = (point: LessonPoint): string =>
  'part' in point ? parts[point.part].selector : nodesOf(point).map(nodePlace).join();

/** What is outlined: of a part the first element that wears its class. */
function placesOf(point: LessonPoint): readonly Element[] {
  const selector = selectorOf(point);
  const found = selector === '' ? [] : [...document.querySelectorAll(selector)];
  return 'part' in point ? found.slice(0, 1) : found;
}

/** Brings what a step points at onto the screen, and the focus there where it is a node. */
export function showPoint(point: LessonPoint): void {
  if ('part' in point) {
    parts[point.part].show?.();
    return;
  }
  onDesign();
  const [first, ...others] = nodesOf(point);
  if (first === undefined) return;
  if (others.length === 0) goToNode(first);
  else {
    bringIntoView([first, ...others]);
    focusWhenDrawn(first);
  }
}

/** The elements that a step points at wear `data-lesson-point`, whenever they are drawn. */
export function usePoint(point: LessonPoint | undefined): void {
  useEffect(() => {
    if (!point) return undefined;
    let marked: readonly Element[] = [];
    let frame = 0;
    const mark = (): void => {
      frame = 0;
      const found = placesOf(point);
      for (const element of marked) if (!found.includes(element)) element.removeAttribute('data-lesson-point');
      for (const element of found) if (!marked.includes(element)) element.setAttribute('data-lesson-point', '');
      marked = found;
    };
    mark();
    // What is out of view is not drawn, and what comes into view is drawn anew.
    const observer = new MutationObserver(() => {
      if (frame === 0) frame = requestAnimationFrame(mark);
    });
    observer.observe(document.body, { childList: true, subtree: true });
    return () => {
      observer.disconnect();
      cancelAnimationFrame(frame);
      for (const element of marked) element.removeAttribute('data-lesson-point');
    };
  }, [point]);
}
