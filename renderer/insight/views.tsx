import type { ReactNode } from 'react';
import { StepView } from './step-view.tsx';
import type { InsightView } from './store.ts';

interface ViewOfPanel {
  readonly id: Exclude<InsightView, 'training'>;
  readonly title: string;
  View(): ReactNode;
}

/** The views of the panel, in the order of their tabs. */
export const views: readonly ViewOfPanel[] = [{ id: 'step', title: 'Step', View: StepView }];
