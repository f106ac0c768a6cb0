import { Maximize, MessageSquarePlus, Minus, PanelLeft, PanelRight, Plus, SlidersHorizontal, Workflow } from 'lucide-react';
import type { ReactNode } from 'react';
import { keyLabel } from '../app/keys.ts';
import { setWheel, toggleGuides, useCanvasSettings } from '../store/canvas-settings.ts';
import { toggleSide, useSideOpen } from '../store/dock-store.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Menu } from '../ui/menu.tsx';
import { Progress } from '../ui/progress.tsx';
import { arrange, cancelArranging, useArranging } from './arrange.ts';
import { insertComment } from './canvas-actions.ts';
import './canvas-bar.css';
import { zoomIn, zoomOut, zoomToFit } from './viewport-store.ts';

/** Above the canvas: its tools, and the panels at its sides. */
export function CanvasBar() {
  const layersOpen = useSideOpen('layers');
  const inspectorOpen = useSideOpen('inspector');
  const tool = (label: string, shortcut: string, icon: ReactNode, run: () => void) => (
    <IconButton label={label} shortcut={shortcut} size="small" onClick={run}>
      {icon}
    </IconButton>
  );
  return (
    <div className="canvas-bar" role="toolbar" aria-label="Canvas tools">
      <IconButton
        label={layersOpen ? 'Hide the layers' : 'Show the layers'}
        shortcut={keyLabel('mod+b')}
        size="small"
        aria-expanded={layersOpen}
        onClick={() => toggleSide('layers')}
      >
        <PanelLeft size={15} aria-hidden />
      </IconButton>
      <span className="canvas-bar__space">
        <Arranging />
      </span>
      {tool('Zoom in', '+', <Plus size={15} aria-hidden />, zoomIn)}
      {tool('Zoom out', '-', <Minus size={15} aria-hidden />, zoomOut)}
      {tool('Zoom to fit', 'F', <Maximize size={14} aria-hidden />, () => zoomToFit())}
      {tool('Arrange the graph', 'L', <Workflow size={15} aria-hidden />, arrange)}
      {tool('Add a comment', 'C', <MessageSquarePlus size={15} aria-hidden />, () => insertComment())}
      <CanvasSettings />
      <span className="canvas-bar__space" />
      <IconButton
        label={inspectorOpen ? 'Hide the inspector' : 'Show the inspector'}
        shortcut={keyLabel('mod+i')}
        size="small"
        aria-expanded={inspectorOpen}
        onClick={() => toggleSide('inspector')}
      >
        <PanelRight size={15} aria-hidden />
      </IconButton>
    </div>
  );
}

/** A large graph takes a while to arrange; meanwhile it can be looked at, and any edit ends it. */
function Arranging() {
  const done = useArranging((s) => s.done);
  if (done === null) return null;
  return (
    <span className="canvas-bar__arranging">
      <span className="canvas-bar__what">Arranging</span>
      <Progress label="Arranging the graph" value={done} />
      <Button size="small" variant="quiet" onClick={cancelArranging}>
        Cancel
      </Button>
    </span>
  );
}

/** How the canvas takes the pointer. */
function CanvasSettings() {
  const { wheel, guides } = useCanvasSettings();
  const wheelKey = keyLabel('mod+wheel');
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label="Canvas settings" size="small">
          <SlidersHorizontal size={15} aria-hidden />
        </IconButton>
      }
      groups={[
        [
          {
            id: 'zoom',
            label: 'Mouse wheel zooms',
            checked: wheel === 'zoom',
            run: () => setWheel('zoom'),
          },
          {
            id: 'pan',
            label: `Mouse wheel pans, ${wheelKey} zooms`,
            checked: wheel === 'pan',
            run: () => setWheel('pan'),
          },
        ],
        [{ id: 'guides', label: 'Snap to what lies around', checked: guides, run: toggleGuides }],
      ]}
    />
  );
}
