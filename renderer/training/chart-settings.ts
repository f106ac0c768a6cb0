import { create } from 'zustand';
import type { CurveAxis } from './run-curves.ts';

interface ChartSettings {
  readonly smoothing: number;
  readonly axis: CurveAxis;
  readonly logarithmic: boolean;
  readonly metric: string;
}

/** How curves are drawn, the same in the training panel and in comparisons. */
export const useChartSettings = create<ChartSettings>(() => ({
  smoothing: 0.6,
  axis: 'step',
  logarithmic: false,
  metric: 'loss',
}));

export const setChart = (patch: Partial<ChartSettings>): void => useChartSettings.setState(patch);
