/** Try a run on a sentence, a row of the data or a series. */
export function PlaygroundPanel() {
  return <section aria-label="Playground" className="playground-panel" />;
}
