import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { IconButton } from './button.tsx';
import './dialog.css';

interface DialogProps {
  readonly open: boolean;
  onOpenChange(open: boolean): void;
  readonly title: string;
  readonly description?: ReactNode;
  readonly wide?: boolean;
  /** Buttons at the bottom, the main one last. */
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
}

/** A modal dialog: focus stays inside, Escape closes, focus returns to where it was. */
export function Dialog({ open, onOpenChange, title, description, wide = false, actions, children }: DialogProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="dialog__overlay" />
        <Radix.Content
          className={`dialog ${wide ? 'dialog--wide' : ''}`}
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
        >
          <div className="dialog__head">
            <div>
              <Radix.Title className="dialog__title">{title}</Radix.Title>
              {description !== undefined && (
                <Radix.Description className="dialog__description" asChild>
                  <div>{description}</div>
                </Radix.Description>
              )}
            </div>
            <Radix.Close asChild>
              <IconButton label="Close" size="small" className="dialog__close">
                <X size={16} aria-hidden />
              </IconButton>
            </Radix.Close>
          </div>
          {children !== undefined && <div className="dialog__body">{children}</div>}
          {actions !== undefined && <div className="dialog__actions">{actions}</div>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
