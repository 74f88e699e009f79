/** One thin line while the link is down or catching up; short interruptions are not worth a word. */
import { useEffect, useState, type ReactElement } from 'react';
import type { MessageKey } from '../i18n/index.ts';
import { useWords } from '../i18n/react.ts';
import styles from './chat.module.css';
import { useChat, useLive } from './context.ts';
import type { LiveState } from './live/store.ts';

const SHOWN_AFTER_MS = 1200;

function bannerText(state: Pick<LiveState, 'link' | 'catchingUp' | 'listed'>): MessageKey | null {
  if (state.link === 'offline') return 'connection.offline';
  if (state.link === 'connecting') return 'connection.connecting';
  return state.link === 'online' && state.catchingUp && state.listed ? 'connection.catchingUp' : null;
}

export function ConnectionBanner(): ReactElement | null {
  const { t } = useWords();
  const { live } = useChat();
  const link = useLive((state) => state.link);
  const catchingUp = useLive((state) => state.catchingUp);
  const listed = useLive((state) => state.listed);
  const wanted = bannerText({ link, catchingUp, listed });
  const away = wanted !== null;
  const [due, setDue] = useState(false);
  useEffect(() => {
    if (!away) return;
    const timer = setTimeout(() => setDue(true), SHOWN_AFTER_MS);
    return () => {
      clearTimeout(timer);
      setDue(false);
    };
  }, [away]);
  return (
    <div role="status">
      {wanted && due ? (
        <div className={styles['connection']} data-link={link}>
          <span>{t(wanted)}</span>
          {link === 'offline' ? (
            <button type="button" onClick={() => live.networkBack()}>{t('connection.retryNow')}</button>
          ) : null}
        </div>
      ) : null}
    </div>
  );
}
