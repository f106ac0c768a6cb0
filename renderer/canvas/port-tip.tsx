import { Tooltip as Radix } from 'radix-ui';
import { useEffect, useState } from 'react';
import type { PortRef } from '../../engine/graph/edit.ts';
import { useDocumentStore } from '../store/document-store.ts';
import '../ui/tooltip.css';
import type { Direction } from './port-choices.ts';
import { portWords } from './port-words.ts';
import { useWiring } from './wiring-store.ts';

/** Milliseconds that the pointer rests on a port before it is told of; with the keyboard it is told at once. */
const rest = 450;
const tipId = 'port-tip';

interface Shown {
  readonly element: HTMLElement;
  readonly port: PortRef;
  readonly direction: Direction;
}

function portAt(target: EventTarget | null): Shown | null {
  const element = target instanceof Element ? target.closest<HTMLElement>('.react-flow__handle.port') : null;
  const { nodeid: node, handleid: port } = element?.dataset ?? {};
  if (!element || node === undefined || port === undefined) return null;
  return { element, port: { node, port }, direction: element.classList.contains('source') ? 'output' : 'input' };
}

/** The port that is pointed at, or has the keyboard focus; none while anything is dragged. */
function usePortPointedAt(): Shown | null {
  const [shown, setShown] = useState<Shown | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = (next: Shown | null): void => {
      clearTimeout(timer);
      setShown(next);
    };
    const hide = (): void => show(null);
    const busy = (): boolean => useWiring.getState().from !== null;
    const over = (event: PointerEvent): void => {
      const port = portAt(event.target);
      if (!port || event.buttons !== 0 || event.pointerType === 'touch' || busy()) return;
      clearTimeout(timer);
      timer = setTimeout(() => busy() || setShown(port), rest);
    };
    const out = (event: PointerEvent): void => {
      if (portAt(event.target)) hide();
    };
    const focus = (event: FocusEvent): void => {
      const port = portAt(event.target);
      if (port?.element.matches(':focus-visible')) show(port);
    };
    const key = (event: KeyboardEvent): void => {
      if (event.key !== 'Tab' && event.key !== 'Shift') hide();
    };
    const listening = new AbortController();
    const options = { capture: true, passive: true, signal: listening.signal };
    document.addEventListener('pointerover', over, options);
    document.addEventListener('pointerout', out, options);
    document.addEventListener('pointerdown', hide, options);
    document.addEventListener('wheel', hide, options);
    document.addEventListener('focusin', focus, options);
    document.addEventListener('focusout', hide, options);
    document.addEventListener('keydown', key, options);
    const unsubscribe = useWiring.subscribe(({ from }) => from !== null && hide());
    return () => {
      clearTimeout(timer);
      listening.abort();
      unsubscribe();
    };
  }, []);
  return shown;
}

/** What a port is, beside it: one for the whole canvas, as a large graph has thousands of ports. */
export function PortTip() {
  const shown = usePortPointedAt();
  useEffect(() => {
    shown?.element.setAttribute('aria-describedby', tipId);
    return () => shown?.element.removeAttribute('aria-describedby');
  }, [shown]);
  return shown && <OpenPortTip {...shown} />;
}

function OpenPortTip({ element, port, direction }: Shown) {
  const document = useDocumentStore((s) => s.document);
  const inferred = useDocumentStore((s) => s.inferred);
  const words = portWords(document, inferred, port, direction);
  if (!words || !element.isConnected) return null;
  const { left, top, width, height } = element.getBoundingClientRect();
  return (
    <Radix.Root open>
      <Radix.Trigger asChild>
        <span className="port-tip__anchor" style={{ left, top, width, height }} />
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          className="tooltip port-tip"
          side="top"
          sideOffset={8}
          collisionPadding={8}
          aria-label={[words.name, ...words.values, words.takes, words.wires].join('. ')}
        >
          <div id={tipId}>
            <p className="port-tip__name">{words.name}</p>
            {words.values.length > 0 && <p className="port-tip__value">{words.values.join(', ')}</p>}
            <p>{words.takes}</p>
            <p>{words.wires}</p>
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
