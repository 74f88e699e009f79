/** Between companies: which ones are signed in to here, and a way to each. */
import type { ReactElement } from 'react';
import { useWords } from '../i18n/react.ts';
import { CompanyList } from '../session/CompanyList.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { wipeOtherCaches } from './browser.ts';

export function CompanyDialog({ onClose }: { onClose: () => void }): ReactElement {
  const { t } = useWords();
  return (
    <Dialog title={t('companies.title')} onClose={onClose}>
      <Companies onSwitched={onClose} />
    </Dialog>
  );
}

/** The list for the chat: what was kept of a company that is left goes with it. */
export function Companies({ onSwitched }: { onSwitched: () => void }): ReactElement {
  const wipe = (tenantId: string): void => void wipeOtherCaches(tenantId, null);
  return <CompanyList surface="member" onSwitched={onSwitched} onLeft={wipe} />;
}
