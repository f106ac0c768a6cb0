import { Popover } from 'radix-ui';
import type { ReactNode } from 'react';
import '../palette/command-list.css';

interface CanvasPopoverProps {
  /** What it is beside, in pixels of the window. */
  readonly anchor: { readonly x: number; readonly y: number; readonly width?: number; readonly height?: number };
  readonly label: string;
  readonly side: 'right' | 'bottom';
  onClose(): void;
  /** Where the focus goes when it has closed. */
  onCloseFocus(): void;
  readonly children: ReactNode;
}

/** A list to choose from on the canvas, which stays in sight. Escape, and a click beside it, close it. */
export function CanvasPopover({ anchor, label, side, onClose, onCloseFocus, children }: CanvasPopoverProps) {
  const { x, y, width = 1, height = 1 } = anchor;
  return (
    <Popover.Root open onOpenChange={(open) => !open && onClose()}>
      <Popover.Anchor style={{ position: 'fixed', left: x, top: y, width, height, pointerEvents: 'none' }} />
      <Popover.Portal>
        <Popover.Content
          className="canvas-popover"
          side={side}
          align="start"
          sideOffset={4}
          collisionPadding={12}
          aria-label={label}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            onCloseFocus();
          }}
        >
          {children}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
