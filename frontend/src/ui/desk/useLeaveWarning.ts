/** Warns before a form with unsaved changes is left, by the browser or by a link of ours. */
import { useEffect } from 'react';
import { useWords } from '../../i18n/react.ts';

export function useLeaveWarning(dirty: boolean): void {
  const { t } = useWords();
  useEffect(() => {
    if (!dirty) return;
    const beforeUnload = (event: BeforeUnloadEvent): void => event.preventDefault();
    const onClick = (event: MouseEvent): void => {
      const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
      if (link && !confirm(t('desk.leaveUnsaved'))) {
        event.preventDefault();
        event.stopPropagation();
      }
    };
    addEventListener('beforeunload', beforeUnload);
    document.addEventListener('click', onClick, true);
    return () => {
      removeEventListener('beforeunload', beforeUnload);
      document.removeEventListener('click', onClick, true);
    };
  }, [dirty, t]);
}
