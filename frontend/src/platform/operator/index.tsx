/** The operator console: claimed once, then signed in to. */
import { useEffect, useState, type ReactElement } from 'react';
import { Route, Switch, useLocation } from 'wouter';
import { failureCode } from '../../gql/client.ts';
import { OperatorSignOutDocument, PlatformViewerDocument, type PlatformViewerFieldsFragment } from '../../gql/platform/platform.ts';
import { platformClient } from '../../session/client.ts';
import { DeskProvider } from '../../ui/desk/DeskProvider.tsx';
import { ErrorState, Skeleton } from '../../ui/States.tsx';
import { ClaimPage } from './ClaimPage.tsx';
import { OperatorShell } from './OperatorShell.tsx';
import { OperatorSignIn } from './OperatorSignIn.tsx';

export type OperatorViewer = PlatformViewerFieldsFragment;

type OperatorState =
  | { step: 'starting' }
  | { step: 'signed-out' }
  | { step: 'failed'; error: unknown }
  | { step: 'running'; viewer: OperatorViewer };

export default function OperatorArea(): ReactElement {
  const [, navigate] = useLocation();
  const [state, setState] = useState<OperatorState>({ step: 'starting' });
  const [tries, setTries] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    platformClient.request(PlatformViewerDocument, {}, abort.signal)
      .then(({ viewer }) => setState(viewer ? { step: 'running', viewer } : { step: 'signed-out' }))
      .catch((error: unknown) => {
        if (abort.signal.aborted) return;
        setState(failureCode(error) === 'UNAUTHENTICATED' ? { step: 'signed-out' } : { step: 'failed', error });
      });
    return () => abort.abort();
  }, [tries]);
  const enter = (viewer: OperatorViewer): void => setState({ step: 'running', viewer });
  const leave = (): void => {
    void platformClient.request(OperatorSignOutDocument, {}).catch(() => undefined)
      .finally(() => setState({ step: 'signed-out' }));
  };
  return (
    <Switch>
      <Route path="/operator/claim">
        <ClaimPage onClaimed={(viewer) => { enter(viewer); navigate('/operator'); }} />
      </Route>
      <Route>
        {state.step === 'starting' ? <Skeleton />
          : state.step === 'signed-out' ? <OperatorSignIn onSignedIn={enter} />
            : state.step === 'failed'
              ? <ErrorState error={state.error} onRetry={() => setTries(tries + 1)} />
              : <DeskProvider><OperatorShell viewer={state.viewer} onSignOut={leave} /></DeskProvider>}
      </Route>
    </Switch>
  );
}
