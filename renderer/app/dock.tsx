import { type KeyboardEvent, type ReactNode, useEffect, useState } from 'react';
import {
  Group,
  type GroupProps,
  type Layout,
  type LayoutChangedMeta,
  Panel,
  Separator,
  usePanelRef,
} from 'react-resizable-panels';
import { type DockName, dockNames, dockSizes, setDock, toggleDock, useDocks } from '../store/dock-store.ts';
import './dock.css';

interface DockGroupProps {
  readonly groupRef?: GroupProps['groupRef'];
  readonly orientation?: 'horizontal' | 'vertical';
  readonly className: string;
  readonly children: ReactNode;
}

/** Docks beside what takes the rest of the room. */
export function DockGroup({ orientation = 'horizontal', className, groupRef, children }: DockGroupProps) {
  return (
    <Group orientation={orientation} className={className} groupRef={groupRef} onLayoutChanged={keepSizes}>
      {children}
    </Group>
  );
}

/** Keeps the sizes that the user has given. */
function keepSizes(layout: Layout, { isUserInteraction }: LayoutChangedMeta): void {
  if (!isUserInteraction) return;
  const lengthOf = (id: string): number => {
    const box = document.getElementById(id)?.getBoundingClientRect();
    return (id === 'training' || id === 'canvas' ? box?.height : box?.width) ?? 0;
  };
  // The page may not be as the layout says yet, but the panels of a group are together always as large.
  const total = Object.keys(layout).reduce((sum, id) => sum + lengthOf(id), 0);
  for (const name of dockNames) {
    if (!(name in layout)) continue;
    const size = Math.round(((layout[name] ?? 0) / 100) * total);
    setDock(name, size >= dockSizes[name].least ? { size, open: true } : { open: false });
  }
}

interface DockProps {
  readonly name: DockName;
  /** Closed whatever the user has chosen. */
  readonly shut?: boolean;
  readonly children: ReactNode;
}

/** A panel beside the canvas: as large as the user has made it, and closed when it is dragged to nothing. */
export function Dock({ name, shut = false, children }: DockProps) {
  const { size, open } = useDocks((s) => s[name]);
  const panel = usePanelRef();
  const closed = shut || !open;
  // A panel whose properties change forgets its size.
  const [first] = useState(closed ? 0 : size);
  const { least, most } = dockSizes[name];
  useEffect(() => {
    const handle = panel.current;
    if (!handle || handle.isCollapsed() === closed) return;
    if (closed) handle.collapse();
    else handle.resize(useDocks.getState()[name].size);
  }, [panel, closed, name]);
  // Another size that no drag gave: what is shown in it needs more room, or gives it back.
  useEffect(() => {
    const handle = panel.current;
    if (handle && !closed && !handle.isCollapsed() && Math.abs(handle.getSize().inPixels - size) > 2) handle.resize(size);
  }, [panel, closed, size]);
  // While its edge is dragged, it shows what it will be.
  const follow = (): void => {
    const dragged = document.querySelector('[data-separator="active"]') !== null;
    if (dragged && !shut && panel.current) setDock(name, { open: !panel.current.isCollapsed() });
  };
  return (
    <Panel
      id={name}
      className="dock"
      panelRef={panel}
      collapsible
      minSize={least}
      maxSize={most}
      defaultSize={first}
      groupResizeBehavior="preserve-pixel-size"
      onResize={follow}
    >
      {!closed && children}
    </Panel>
  );
}

interface DockEdgeProps {
  readonly name: DockName;
  /** What is resized, for those who do not see it. */
  readonly label: string;
  readonly disabled?: boolean;
}

/** Between a dock and the canvas: dragged, or moved by arrow keys; Enter closes and opens the dock. */
export function DockEdge({ name, label, disabled = false }: DockEdgeProps) {
  const press = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    toggleDock(name);
  };
  return <Separator className="dock-edge" aria-label={label} disabled={disabled} disableDoubleClick onKeyDownCapture={press} />;
}
