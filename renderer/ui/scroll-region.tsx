import type { ReactNode } from 'react';

interface ScrollRegionProps {
  readonly label: string;
  readonly className?: string;
  readonly children: ReactNode;
}

/** What scrolls without anything focusable inside must take the focus itself, or the keyboard cannot scroll it. */
const focusable = { tabIndex: 0 };

/** A scrolling part of a panel, reachable by keyboard. */
export function ScrollRegion({ label, className, children }: ScrollRegionProps) {
  return (
    <section aria-label={label} className={`scroll-region ${className ?? ''}`} style={{ overflow: 'auto' }} {...focusable}>
      {children}
    </section>
  );
}
