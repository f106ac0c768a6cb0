import './overview.css';
import { OverviewMap } from './overview-map.tsx';

/** The graph in small, beside the canvas rather than on it. Dragging in it moves the view. */
export function Overview() {
  return (
    <section className="overview" aria-label="Overview">
      <OverviewMap />
      <a className="overview__credit" href="https://reactflow.dev" target="_blank" rel="noopener noreferrer">
        Canvas by React Flow
      </a>
    </section>
  );
}
