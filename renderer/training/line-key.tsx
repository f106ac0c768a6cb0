import type { CSSProperties } from 'react';

interface LineKeyProps {
  /** A colour token, e.g. `--accent`. */
  readonly color: string;
  readonly dashed?: boolean | undefined;
}

/** The short piece of line that stands for a line in a legend. */
export function LineKey({ color, dashed = false }: LineKeyProps) {
  return (
    <span
      aria-hidden
      className={`line-key ${dashed ? 'line-key--dashed' : ''}`}
      style={{ '--key': `var(${color})` } as CSSProperties}
    />
  );
}
