import { setWheel, useCanvasSettings } from '../store/canvas-settings.ts';
import { toast } from '../ui/toast-store.ts';

interface Wheel {
  readonly deltaX: number;
  readonly deltaY: number;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
}

/** Two fingers move sideways too, which a wheel does only with Shift. */
const movesSideways = ({ deltaX, deltaY, ctrlKey, metaKey, shiftKey }: Wheel): boolean =>
  deltaX !== 0 && deltaY !== 0 && !ctrlKey && !metaKey && !shiftKey;

/** Whoever moves two fingers over a canvas whose wheel zooms is told once that they can pan. */
export function tellOfPanning(event: Wheel): void {
  const { wheel, toldOfPanning } = useCanvasSettings.getState();
  if (wheel === 'pan' || toldOfPanning || !movesSideways(event)) return;
  useCanvasSettings.setState({ toldOfPanning: true });
  toast({
    tone: 'info',
    title: 'Two fingers zoom here, as the mouse wheel does',
    text: 'They can pan instead: then a pinch, or Ctrl with the wheel, zooms. The canvas settings above the graph change it again.',
    action: { label: 'Let them pan', run: () => setWheel('pan') },
  });
}
