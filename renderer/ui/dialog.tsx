import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import './button.css';
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

/**
 * The first focus is on what bears `data-first-focus`, otherwise on the first control; but never on what gives something up: Enter or
 * Space pressed too often would lose it.
 */
function startSafely(event: Event): void {
  const { currentTarget: dialog } = event;
  if (!(dialog instanceof HTMLElement)) return;
  const wanted = dialog.querySelector<HTMLElement>('[data-first-focus]');
  if (wanted) {
    event.preventDefault();
    wanted.focus();
    return;
  }
  const first = dialog.querySelector('button, input, select, textarea, a[href], [tabindex="0"]');
  if (!first?.classList.contains('button--danger')) return;
  event.preventDefault();
  const safe = dialog.querySelector<HTMLElement>('.button--primary') ?? dialog.querySelector<HTMLElement>('.dialog__close');
  safe?.focus();
}

/** A modal dialog: focus stays inside, Escape closes, focus returns to where it was. */
export function Dialog({ open, onOpenChange, title, description, wide = false, actions, children }: DialogProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="dialog__overlay" />
        <Radix.Content
          className={`dialog ${wide ? 'dialog--wide' : ''}`}
          onOpenAutoFocus={startSafely}
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
          </div>
          {children !== undefined && <div className="dialog__body">{children}</div>}
          {actions !== undefined && <div className="dialog__actions">{actions}</div>}
          {/* Last, so that the first focus is in the content; without a tooltip, which would take the first Escape. */}
          <Radix.Close className="button button--quiet button--icon button--small dialog__close" aria-label="Close">
            <X size={16} aria-hidden />
          </Radix.Close>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
