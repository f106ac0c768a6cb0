import { visibleToken } from '../ui/visible-token.ts';

/** Names of a memory's steps: the input's tokens, or where it has fewer steps than the input, the tokens that each step joins. */
export function stepNames(steps: number, tokens: readonly string[]): string[] {
  if (tokens.length === steps) return tokens.map(visibleToken);
  const joined = joinedSteps(steps, tokens.length);
  return Array.from({ length: steps }, (_, step) =>
    joined === null
      ? String(step + 1)
      : tokens
          .slice(step * joined, (step + 1) * joined)
          .map(visibleToken)
          .join(''),
  );
}

/** How many input steps one step of the memory holds (a pyramid's product); `null` when no whole number explains it. */
function joinedSteps(steps: number, inputs: number): number | null {
  if (steps === 0 || inputs <= steps) return null;
  const joined = Math.ceil(inputs / steps);
  return Math.ceil(inputs / joined) === steps ? joined : null;
}

/** One row of the map as a picture: hard-edged bands, one a step. */
export function bands(weights: readonly number[]): string {
  const share = 100 / Math.max(1, weights.length);
  const stops = weights.map((weight, step) => {
    const strength = Math.round(Math.min(1, Math.max(0, weight)) * 1000) / 10;
    const colour = `color-mix(in srgb, var(--accent) ${strength}%, var(--raised))`;
    return `${colour} ${(step * share).toFixed(3)}% ${((step + 1) * share).toFixed(3)}%`;
  });
  return `linear-gradient(to right, ${stops.join(', ')})`;
}

export interface Cell {
  readonly row: number;
  readonly column: number;
}

/** Where an arrow key leads from a cell; `null` for other keys. */
export function cellAfter(key: string, { row, column }: Cell, rows: number, columns: number): Cell | null {
  const within = (value: number, size: number): number => Math.min(size - 1, Math.max(0, value));
  switch (key) {
    case 'ArrowUp':
      return { row: within(row - 1, rows), column };
    case 'ArrowDown':
      return { row: within(row + 1, rows), column };
    case 'ArrowLeft':
      return { row, column: within(column - 1, columns) };
    case 'ArrowRight':
      return { row, column: within(column + 1, columns) };
    case 'Home':
      return { row, column: 0 };
    case 'End':
      return { row, column: within(columns - 1, columns) };
    default:
      return null;
  }
}

/** The step that a said token looked at most. */
export function strongest(weights: readonly number[]): number {
  return weights.reduce((best, weight, step) => (weight > (weights[best] ?? 0) ? step : best), 0);
}
