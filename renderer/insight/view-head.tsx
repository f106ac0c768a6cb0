import { type ReactNode, Suspense } from 'react';
import { Equation } from '../ui/equation.tsx';
import './view-head.css';

interface ViewHeadProps {
  readonly title: ReactNode;
  /** One sentence each. */
  readonly shows: ReactNode;
  readonly lookFor: ReactNode;
  /** TeX of what is drawn. */
  readonly tex?: string | undefined;
  /** Controls and the legend. */
  readonly children?: ReactNode;
}

/** What a view is, what it shows and what to look for, with its equation. */
export function ViewHead({ title, shows, lookFor, tex, children }: ViewHeadProps) {
  return (
    <header className="view-head">
      <div className="view-head__bar">
        <h3>{title}</h3>
        {tex !== undefined && (
          <span className="view-head__equation">
            <Suspense fallback={null}>
              <Equation tex={tex} display={false} />
            </Suspense>
          </span>
        )}
        <span className="view-head__tools">{children}</span>
      </div>
      <p className="view-head__words">
        {shows} {lookFor}
      </p>
    </header>
  );
}
