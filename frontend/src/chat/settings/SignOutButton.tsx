/** Signing out (SEC-28): the server first, then the cache of this browser. */
import { useState, type ReactElement } from 'react';
import { useLocation } from 'wouter';
import { failureText, useWords } from '../../i18n/react.ts';
import { chooseTenant, signedInTenants } from '../../session/tenants.ts';
import { signOut } from '../../session/viewer.ts';
import { Banner } from '../../ui/Banner.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog, DialogFoot } from '../../ui/Dialog.tsx';
import { useChat, useLive } from '../context.ts';

export function SignOutButton(): ReactElement {
  const { t } = useWords();
  const { live } = useChat();
  const [, navigate] = useLocation();
  const outgoing = useLive((state) => state.outgoing);
  const unsent = [...outgoing.values()].flat().some(({ state }) => state !== 'sent');
  const [asking, setAsking] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const leave = async (): Promise<void> => {
    try {
      await signOut('member');
      await live.close();
      const [other] = signedInTenants('member');
      if (other) chooseTenant('member', other.tenantId);
      navigate(other ? '/' : '/signin');
    } catch (error) {
      setFailure(failureText(t, error));
      setAsking(false);
    }
  };
  return (
    <>
      {failure ? <Banner look="error">{failure}</Banner> : null}
      <div>
        <Button look="danger" onClick={() => (unsent ? setAsking(true) : void leave())}>
          {t('action.signOut')}
        </Button>
      </div>
      {asking ? (
        <Dialog title={t('action.signOut')} onClose={() => setAsking(false)}>
          <p>{t('settings.unsentLeave')}</p>
          <DialogFoot>
            <Button onClick={() => setAsking(false)}>{t('action.cancel')}</Button>
            <Button look="danger" onClick={() => void leave()}>{t('action.signOut')}</Button>
          </DialogFoot>
        </Dialog>
      ) : null}
    </>
  );
}
