/** The session is over: why, by which device (SEC-17), and what had not been sent. */
import { useState, type ReactElement } from 'react';
import { Redirect, useLocation } from 'wouter';
import type { MessageKey } from '../i18n/index.ts';
import { useWords } from '../i18n/react.ts';
import { Banner } from '../ui/Banner.tsx';
import { Button } from '../ui/Button.tsx';
import { Dialog, DialogFoot } from '../ui/Dialog.tsx';
import { useLive } from './context.ts';
import type { SessionEnd } from './live/types.ts';

export function EndedNotice({ end }: { end: SessionEnd }): ReactElement {
  const { t } = useWords();
  const [, navigate] = useLocation();
  const outgoing = useLive((state) => state.outgoing);
  const unsent = [...outgoing.values()].flat().filter(({ state }) => state !== 'sent');
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    const text = unsent.map((message) => message.text).join('\n\n');
    void navigator.clipboard.writeText(text).then(() => setCopied(true));
  };
  // Signed out here or in another tab: no news to anybody.
  if (end.reason === 'SIGNED_OUT') return <Redirect to="/signin" replace />;
  const reason: MessageKey = `session.ended.${end.reason}`;
  return (
    <Dialog title={t('session.endedTitle')}>
      <p>{t(reason, { by: end.by ?? t('session.anotherDevice') })}</p>
      {unsent.length > 0 ? (
        <Banner look="warn">
          {t('session.unsent', { count: unsent.length })}{' '}
          <Button look="quiet" onClick={copy}>{t(copied ? 'action.copied' : 'action.copy')}</Button>
        </Banner>
      ) : null}
      <DialogFoot>
        <Button look="primary" onClick={() => navigate('/signin')}>{t('session.signInAgain')}</Button>
      </DialogFoot>
    </Dialog>
  );
}
