/** Colour tokens for runs side by side. Every other run is dashed: neighbours are told apart without colour, and no two of ten look alike. */
const tokens = ['--accent', '--vector', '--state', '--tokens', '--sequence'] as const;

export interface RunColor {
  readonly color: string;
  readonly dashed: boolean;
}

/** The look of the run at this place of a comparison. */
export function runColor(index: number): RunColor {
  return { color: tokens[index % tokens.length] ?? '--accent', dashed: index % 2 === 1 };
}
