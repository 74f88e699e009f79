/** The tenant's console: signs in where nobody is, then shows what the viewer's permissions allow. */
import { useCallback, useEffect, useState, type ReactElement } from 'react';
import { Redirect, useLocation, useRoute } from 'wouter';
import { failureCode } from '../gql/client.ts';
import { onUnauthenticated } from '../session/client.ts';
import { SignInPage } from '../session/SignInPage.tsx';
import { useTenantId } from '../session/tenants.ts';
import { fetchViewer, type Viewer } from '../session/viewer.ts';
import { ErrorState, Skeleton } from '../ui/States.tsx';
import { DeskProvider } from '../ui/desk/DeskProvider.tsx';
import { ConsoleShell } from './ConsoleShell.tsx';
import { ViewerContext } from './data.ts';

type ConsoleState =
  | { step: 'starting' }
  | { step: 'signed-out' }
  | { step: 'failed'; error: unknown }
  | { step: 'running'; viewer: Viewer };

/** One company at a time: switching starts over. */
export default function ConsoleArea(): ReactElement {
  return <CompanyConsole key={useTenantId('console')} />;
}

function CompanyConsole(): ReactElement {
  const [adding] = useRoute('/console/signin');
  const [, navigate] = useLocation();
  const [state, setState] = useState<ConsoleState>({ step: 'starting' });
  const [tries, setTries] = useState(0);
  const signedOut = useCallback(() => setState({ step: 'signed-out' }), []);
  useEffect(() => {
    let left = false;
    fetchViewer('console')
      .then((viewer) => {
        if (!left) setState(viewer ? { step: 'running', viewer } : { step: 'signed-out' });
      })
      .catch((error: unknown) => {
        if (left) return;
        setState(failureCode(error) === 'UNAUTHENTICATED' ? { step: 'signed-out' } : { step: 'failed', error });
      });
    return () => {
      left = true;
    };
  }, [tries]);
  useEffect(() => onUnauthenticated((surface) => {
    if (surface === 'console') signedOut();
  }), [signedOut]);
  const retry = (): void => setTries(tries + 1);
  const enter = (viewer: Viewer): void => {
    setState({ step: 'running', viewer });
    if (adding) navigate('/console');
  };
  const goOn = (): void => {
    retry();
    if (adding) navigate('/console');
  };
  if (adding || state.step === 'signed-out') {
    return <SignInPage surface="console" onSignedIn={enter} onContinue={goOn} />;
  }
  switch (state.step) {
    case 'starting':
      return <Skeleton />;
    case 'failed':
      return <ErrorState error={state.error} onRetry={retry} />;
    case 'running':
      if (state.viewer.mustChangePassword) return <Redirect to="/password?surface=console" replace />;
      return (
        <ViewerContext.Provider value={state.viewer}>
          <DeskProvider><ConsoleShell onSignedOut={signedOut} /></DeskProvider>
        </ViewerContext.Provider>
      );
  }
}
