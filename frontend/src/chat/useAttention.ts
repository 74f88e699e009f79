/** The number of unread messages in the window's title, and a mark on its icon. */
import { useEffect } from 'react';
import { useWords } from '../i18n/react.ts';
import { useLive } from './context.ts';
import { totalUnread } from './conversations/rows.ts';

export function useAttention(): void {
  const { t } = useWords();
  const unread = totalUnread(useLive((state) => state.conversations));
  useEffect(() => {
    document.title = unread > 0 ? `(${unread}) ${t('brand')}` : t('brand');
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    const wanted = unread > 0 ? '/favicon-unread.svg' : '/favicon.svg';
    if (icon && icon.getAttribute('href') !== wanted) icon.href = wanted;
  }, [unread, t]);
  useEffect(() => () => {
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (icon) icon.href = '/favicon.svg';
  }, []);
}
