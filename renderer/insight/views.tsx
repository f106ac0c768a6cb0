import type { ComponentType } from 'react';
import type { Trace } from '../../engine/protocol/inspect.ts';
import { BeamView } from './beam-view.tsx';
import { GradientView } from './gradient-view.tsx';
import type { RecurrenceViewProps } from './of-recurrence.tsx';
import { SaliencyView } from './saliency-view.tsx';
import { SpectrumView } from './spectrum-view.tsx';
import { StepView } from './step-view.tsx';
import type { InsightView } from './store.ts';
import { TermsView } from './terms-view.tsx';
import { TrajectoryView } from './trajectory-view.tsx';
import { UnitsView } from './units-view.tsx';
import { WhatIfView } from './what-if-view.tsx';

interface Tab {
  readonly id: Exclude<InsightView, 'training'>;
  readonly title: string;
  /** Of which networks there is something to see. Absent: of all. */
  fits?(trace: Trace): boolean;
}

/** Of one recurrence, or of the whole network. */
type ViewOfPanel = Tab &
  (
    | { readonly View: ComponentType<RecurrenceViewProps>; readonly whole?: never }
    | { readonly View: ComponentType<{ readonly trace: Trace }>; readonly whole: true }
  );

/** The views of the panel, in the order of their tabs. */
export const views: readonly ViewOfPanel[] = [
  { id: 'step', title: 'Step', View: StepView },
  { id: 'gradient', title: 'Gradient', View: GradientView },
  { id: 'terms', title: 'Term by term', View: TermsView },
  { id: 'spectrum', title: 'Spectrum', View: SpectrumView },
  { id: 'trajectory', title: 'Trajectory', View: TrajectoryView },
  { id: 'units', title: 'Units in text', View: UnitsView },
  { id: 'saliency', title: 'Saliency', View: SaliencyView, whole: true },
  { id: 'whatif', title: 'What if', View: WhatIfView },
  { id: 'beam', title: 'Beam search', View: BeamView, whole: true, fits: ({ prediction }) => prediction.kind === 'sequence' },
];
