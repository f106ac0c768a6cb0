import { Component, type ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';

interface Props {
  /** What broke, as the subject of a sentence. */
  readonly place: string;
  readonly children: ReactNode;
}

/** Keeps a bug in one part from taking the window down; the document is in the store and stays. */
export class ErrorBoundary extends Component<Props, { readonly error: Error | null }> {
  override state: { readonly error: Error | null } = { error: null };

  static getDerivedStateFromError(error: unknown): { error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <div role="alert">
        <EmptyState
          title={`${this.props.place} stopped working`}
          actions={
            <Button variant="primary" onClick={() => this.setState({ error: null })}>
              Show it again
            </Button>
          }
        >
          Your document is safe. This is a bug in Unroll: <code>{error.message}</code>
        </EmptyState>
      </div>
    );
  }
}
