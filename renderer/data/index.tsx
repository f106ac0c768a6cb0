/** Attach a data set to the document: choose, check, prepare, look. */
export function DataPanel() {
  return <section aria-label="Data" className="data-panel" />;
}
