/** Catches what a view threw, e.g. an area that could not be loaded: says so and offers a reload. */
import { Component, type ReactNode } from 'react';
import { ErrorState } from './States.tsx';

interface AreaBoundaryState {
  error: unknown;
}

export class AreaBoundary extends Component<{ children: ReactNode }, AreaBoundaryState> {
  override state: AreaBoundaryState = { error: null };

  static getDerivedStateFromError(error: unknown): AreaBoundaryState {
    return { error };
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children;
    return <ErrorState error={this.state.error} onRetry={() => location.reload()} />;
  }
}
