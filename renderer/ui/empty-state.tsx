import type { ReactNode } from 'react';
import './empty-state.css';

interface EmptyStateProps {
  readonly title: string;
  /** Teaches what this place is for and what to do first. */
  readonly children: ReactNode;
  readonly icon?: ReactNode;
  readonly actions?: ReactNode;
}

export function EmptyState({ title, children, icon, actions }: EmptyStateProps) {
  return (
    <div className="empty-state">
      {icon !== undefined && (
        <div className="empty-state__icon" aria-hidden>
          {icon}
        </div>
      )}
      <h2 className="empty-state__title">{title}</h2>
      <div className="empty-state__text">{children}</div>
      {actions !== undefined && <div className="empty-state__actions">{actions}</div>}
    </div>
  );
}
