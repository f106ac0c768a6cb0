import { useEffect } from 'react';
import type { LessonPart, LessonPoint } from '../../engine/document/lesson.ts';
import { goToNode, nodePlace } from '../canvas/focus-node.ts';
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
  microscope: { selector: '.microscope', show: onDesign },
};

const nodeOfKind = (kind: string): string | undefined =>
  useDocumentStore.getState().document.nodes.find((node) => node.kind === kind)?.id;

function selectorOf(point: LessonPoint): string | null {
  if ('part' in point) return parts[point.part].selector;
  const id = nodeOfKind(point.node);
  return id === undefined ? null : nodePlace(id);
}

/** Brings what a step points at onto the screen, and the focus there where it is a node. */
export function showPoint(point: LessonPoint): void {
  if ('part' in point) {
    parts[point.part].show?.();
    return;
  }
  onDesign();
  const id = nodeOfKind(point.node);
  if (id !== undefined) goToNode(id);
}

/** The element that a step points at wears `data-lesson-point`, whenever it is drawn. */
export function usePoint(point: LessonPoint | undefined): void {
  useEffect(() => {
    if (!point) return undefined;
    let marked: Element | null = null;
    let frame = 0;
    const mark = (): void => {
      frame = 0;
      const selector = selectorOf(point);
      const found = selector === null ? null : document.querySelector(selector);
      if (found === marked) return;
      marked?.removeAttribute('data-lesson-point');
      found?.setAttribute('data-lesson-point', '');
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
      marked?.removeAttribute('data-lesson-point');
    };
  }, [point]);
}
