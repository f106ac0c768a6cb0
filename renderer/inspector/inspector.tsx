/** Settings of what is selected. */
export function Inspector() {
  return <aside className="side side--right" aria-label="Inspector" />;
}
