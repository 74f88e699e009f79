/** Files: what is stored, how large one may be, how long it is kept (FIL-01 to FIL-05). */
import type { ReactElement } from 'react';
import { FilePolicyDocument } from '../../gql/tenant/console.ts';
import { useWords } from '../../i18n/react.ts';
import { Page, Section } from '../../ui/desk/Page.tsx';
import { ErrorState, Skeleton } from '../../ui/States.tsx';
import { useConsole, useMay } from '../data.ts';
import { FilePolicyForm } from './FilePolicyForm.tsx';
import { StorageMeter } from './StorageMeter.tsx';

export function FilesPage(): ReactElement {
  const { t } = useWords();
  const { data, error, refetch } = useConsole('files', FilePolicyDocument, {});
  const manages = useMay('COMPANY_MANAGE');
  return (
    <Page title={t('console.files')} lead={t('filePolicy.lead')}>
      {data ? (
        <>
          <Section title={t('filePolicy.storage')}><StorageMeter usage={data.storageUsage} /></Section>
          <FilePolicyForm policy={data.filePolicy} disabled={!manages} />
        </>
      ) : error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <Skeleton rows={5} avatars={false} wide />}
    </Page>
  );
}
