/** All kept runs: list, compare, reopen, resume, evaluate, delete. */
export function RunsPanel() {
  return <section aria-label="Runs" className="runs-panel" />;
}
