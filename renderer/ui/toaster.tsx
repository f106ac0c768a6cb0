import { X } from 'lucide-react';
import { Toast } from 'radix-ui';
import { useLayoutEffect, useRef, useState } from 'react';
import { IconButton } from './button.tsx';
import './toast.css';
import { leastRead, margin, usualPlace } from './toast-place.ts';
import { dismissToast, useToasts } from './toast-store.ts';

/** Shows the toasts, where they cover least of what is read; the app has one. F8 moves the focus to it. */
export function Toaster() {
  const toasts = useToasts((s) => s.toasts);
  const before = useRef<HTMLElement | null>(null);
  const viewport = useRef<HTMLOListElement>(null);
  const [place, setPlace] = useState(usualPlace);
  const none = toasts.length === 0;
  // Chosen as the first comes, and kept until the last is gone.
  useLayoutEffect(() => {
    if (!none && viewport.current) setPlace(leastRead(viewport.current));
  }, [none]);
  /** The focus that was in a toast goes back to where it came from, or to the page where that is gone. */
  const goBack = (): void => {
    if (document.activeElement !== document.body) return;
    const place = before.current?.isConnected ? before.current : document.querySelector('main');
    place?.focus();
  };
  return (
    <Toast.Provider swipeDirection="right" label="Message">
      {toasts.map((toast) => (
        <Toast.Root
          key={toast.id}
          className={`toast toast--${toast.tone}`}
          duration={toast.tone === 'bad' || toast.action ? 12_000 : 5_000}
          onOpenChange={(open) => {
            if (open) return;
            dismissToast(toast.id);
            setTimeout(goBack, 50);
          }}
        >
          <Toast.Title className="toast__title">{toast.title}</Toast.Title>
          <Toast.Close asChild>
            <IconButton className="toast__close" label="Dismiss" size="small">
              <X size={14} aria-hidden />
            </IconButton>
          </Toast.Close>
          {toast.text !== undefined && <Toast.Description className="toast__text">{toast.text}</Toast.Description>}
          {toast.action && (
            <Toast.Action className="toast__action button button--small" altText={toast.action.label} onClick={toast.action.run}>
              {toast.action.label}
            </Toast.Action>
          )}
        </Toast.Root>
      ))}
      <Toast.Viewport
        ref={viewport}
        className="toaster"
        data-side={place.side}
        style={{ '--lift': `${place.lift}px`, '--margin': `${margin}px` }}
        onFocus={({ currentTarget, relatedTarget }) => {
          if (relatedTarget instanceof HTMLElement && !currentTarget.contains(relatedTarget)) before.current = relatedTarget;
        }}
      />
    </Toast.Provider>
  );
}
