/** Equations that stand side by side, between `\qquad`, one below the other. Those of an environment stay as they are. */
export function brokenLines(tex: string): string {
  const environment = tex.indexOf('\\begin');
  const free = environment < 0 ? tex : tex.slice(0, environment);
  const kept = environment < 0 ? '' : tex.slice(environment);
  const lines = `${free.replaceAll(/,?\s*\\qquad/g, ' \\\\[6pt] ')}${kept}`;
  return lines === tex ? tex : `\\begin{gathered} ${lines} \\end{gathered}`;
}
