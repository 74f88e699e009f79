/** The pages of signing in, loaded when one of them is entered. */
import type { ReactElement } from 'react';
import { Route, Switch, useLocation } from 'wouter';
import { ForgotPage } from './ForgotPage.tsx';
import { PasswordPage } from './PasswordPage.tsx';
import { SetPasswordPage } from './SetPasswordPage.tsx';
import { SignInPage } from './SignInPage.tsx';

export default function SessionPages(): ReactElement {
  const [, navigate] = useLocation();
  return (
    <Switch>
      <Route path="/signin">
        <SignInPage surface="member" onSignedIn={() => navigate('/')} onContinue={() => navigate('/')} />
      </Route>
      <Route path="/password"><PasswordPage /></Route>
      <Route path="/set-password"><SetPasswordPage /></Route>
      <Route path="/forgot"><ForgotPage /></Route>
    </Switch>
  );
}
