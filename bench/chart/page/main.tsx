import '../../../renderer/ui/theme.css';
import '../../../renderer/ui/base.css';
import { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import type { ChartLine } from '../../../renderer/training/chart-lines.ts';
import { CurveChart } from '../../../renderer/training/curve-chart.tsx';
import { batch, Curve } from '../curve.ts';

/** Points of the curve, put there by the benchmark. */
declare global {
  interface Window {
    points: number;
  }
}

/** Milliseconds between two pictures while a run trains. */
const pace = 100;

/** A run's chart: Enter shows it, `g` begins or ends a training that adds points. */
function Chart() {
  const [curve] = useState(() => new Curve(window.points));
  const [lines, setLines] = useState<readonly ChartLine[]>([]);
  useEffect(() => {
    let timer: ReturnType<typeof setInterval> | undefined;
    const onKey = ({ key }: KeyboardEvent): void => {
      if (key === 'Enter') setLines(curve.lines());
      if (key !== 'g') return;
      if (timer === undefined) {
        timer = setInterval(() => {
          curve.grow(batch);
          setLines(curve.lines());
        }, pace);
      } else {
        clearInterval(timer);
        timer = undefined;
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [curve]);
  return <CurveChart title="loss by step" lines={lines} smoothing={0.6} logarithmic={false} axis="step" unit="loss" />;
}

const root = document.getElementById('root');
if (root !== null) createRoot(root).render(<Chart />);
