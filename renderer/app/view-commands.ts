import { arrange } from '../canvas/arrange.ts';
import { saveCanvas } from '../canvas/canvas-picture.ts';
import { zoomIn, zoomOut, zoomToFit, zoomToFullSize } from '../canvas/viewport-store.ts';
import { canLookInside, lookInside, stopLooking, useInsight } from '../insight/store.ts';
import { toggleGuides, toggleWheel } from '../store/canvas-settings.ts';
import { toggleSide, toggleTraining } from '../store/dock-store.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { useUiStore } from '../store/ui-store.ts';
import { activeRun, useTrainingStore } from '../training/store.ts';
import { canToggleMeant, toggleMeant } from '../unfold/toggle.ts';
import type { Command } from './commands.ts';
import { onCanvas } from './on-canvas.ts';

const doc = useDocumentStore.getState;
const ui = useUiStore.getState;
const hasNodes = (): boolean => doc().document.nodes.length > 0;
const chosen = (): boolean => doc().selection.size > 0;

/** What is seen, and how. */
export const viewCommands: readonly Command[] = [
  { id: 'view.arrange', title: 'Arrange the graph', group: 'View', keys: ['l'], canvas: true, run: onCanvas(arrange) },
  { id: 'view.fit', title: 'Zoom to fit', group: 'View', keys: ['f'], canvas: true, run: () => zoomToFit() },
  {
    id: 'view.fit-selection',
    title: 'Zoom to the selection',
    group: 'View',
    keys: ['shift+f'],
    canvas: true,
    enabled: chosen,
    run: () => zoomToFit([...doc().selection]),
  },
  {
    id: 'view.zoom-in',
    title: 'Zoom in',
    group: 'View',
    keys: ['+', '='],
    canvas: true,
    run: zoomIn,
  },
  {
    id: 'view.zoom-out',
    title: 'Zoom out',
    group: 'View',
    keys: ['-'],
    canvas: true,
    run: zoomOut,
  },
  {
    id: 'view.zoom-100',
    title: 'Zoom to 100 %',
    group: 'View',
    keys: ['0'],
    canvas: true,
    run: zoomToFullSize,
  },
  {
    id: 'view.save-png',
    title: 'Save a picture of the graph: PNG',
    group: 'View',
    canvas: true,
    enabled: hasNodes,
    run: () => saveCanvas('png'),
  },
  {
    id: 'view.save-svg',
    title: 'Save a picture of the graph: SVG',
    group: 'View',
    canvas: true,
    enabled: hasNodes,
    run: () => saveCanvas('svg'),
  },
  { id: 'view.wheel', title: 'Mouse wheel: zoom or pan', group: 'View', canvas: true, run: toggleWheel },
  { id: 'view.guides', title: 'Snap to what lies around, or not', group: 'View', canvas: true, run: toggleGuides },
  {
    id: 'view.problems',
    title: 'Show problems',
    group: 'View',
    keys: ['mod+shift+m'],
    enabled: () => doc().problems.length > 0,
    run: () => {
      ui().setTab('design');
      ui().setProblemsOpen(!ui().problemsOpen);
    },
  },
  {
    id: 'view.layers',
    title: 'Show or hide the layers',
    group: 'View',
    keys: ['mod+b'],
    canvas: true,
    run: () => toggleSide('layers'),
  },
  {
    id: 'view.inspector',
    title: 'Show or hide the inspector',
    group: 'View',
    keys: ['mod+i'],
    canvas: true,
    run: () => toggleSide('inspector'),
  },
  {
    id: 'view.training',
    title: 'Fold or unfold the training panel',
    group: 'View',
    keys: ['mod+j'],
    canvas: true,
    run: toggleTraining,
  },
  {
    id: 'view.look-inside',
    title: 'Look inside the network, or stop',
    group: 'View',
    keys: ['i'],
    canvas: true,
    enabled() {
      const run = activeRun(useTrainingStore.getState());
      return run !== null && canLookInside(run);
    },
    run() {
      ui().setTab('design');
      if (useInsight.getState().open) stopLooking();
      else lookInside();
    },
  },
  {
    id: 'view.unfold',
    title: 'Unfold in time, or fold: what is selected, else all that recurs',
    group: 'View',
    keys: ['u'],
    canvas: true,
    enabled: canToggleMeant,
    run: onCanvas(toggleMeant),
  },
  {
    id: 'view.theme',
    title: 'Switch between light and dark',
    group: 'View',
    run: () => ui().setTheme(ui().dark ? 'light' : 'dark'),
  },
  { id: 'view.theme-system', title: 'Follow the system’s theme', group: 'View', run: () => ui().setTheme('system') },
];
