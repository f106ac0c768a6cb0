import { useCallback, useLayoutEffect, useRef } from 'react';
import { create } from 'zustand';
import { nodePlace } from './focus-node.ts';
import { zoomToFit } from './viewport-store.ts';

/** The node or frame whose name is being changed in its place. */
export const useRenaming = create<{ readonly id: string | null }>(() => ({ id: null }));

export const useIsRenaming = (id: string): boolean => useRenaming((s) => s.id === id);

/** For something new, that is drawn in a moment. */
export const askName = (id: string): void => useRenaming.setState({ id });

export function startRenaming(id: string): void {
  askName(id);
  // What is out of view is not drawn, and has no field.
  if (!document.querySelector(nodePlace(id))) zoomToFit([id]);
}

interface NameFieldProps {
  readonly name: string;
  /** For assistive technology. */
  readonly label: string;
  readonly className: string;
  readonly placeholder?: string;
  readonly maxLength?: number;
  /** Takes another name than the one before. */
  rename(name: string): void;
}

/** In the place of a name: Enter and leaving the field keep what is typed, Escape drops it. */
export function NameField({ name: before, label, className, placeholder, maxLength = 200, rename }: NameFieldProps) {
  const field = useRef<HTMLInputElement>(null);
  const ended = useRef(false);
  const latest = useRef(rename);
  useLayoutEffect(() => {
    latest.current = rename;
  });
  const end = useCallback(
    (keep: boolean): void => {
      if (ended.current) return;
      ended.current = true;
      const name = field.current?.value.trim() ?? before;
      useRenaming.setState({ id: null });
      if (keep && name !== before) latest.current(name);
    },
    [before],
  );
  useLayoutEffect(() => {
    const input = field.current;
    input?.focus();
    input?.select();
    // A card that leaves the view while its name is changed keeps what was typed.
    return () => end(true);
  }, [end]);
  return (
    <input
      ref={field}
      className={`${className} name-field nodrag nopan`}
      aria-label={label}
      defaultValue={before}
      placeholder={placeholder}
      maxLength={maxLength}
      onBlur={() => end(true)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key !== 'Enter' && event.key !== 'Escape') return;
        end(event.key === 'Enter');
        field.current?.closest<HTMLElement>('.react-flow__node')?.focus();
      }}
    />
  );
}
