/** Floats at the canvas' bottom: figures, curves, live predictions and comparison of the active run. */
export function TrainingPanel() {
  return <section aria-label="Training" className="training-panel" />;
}
