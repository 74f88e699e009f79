/** The company's mark, shown in its members' chat. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type ReactElement } from 'react';
import { createByteTransport, createUploadApi } from '../../files/browser.ts';
import { PictureChange } from '../../files/crop/PictureChange.tsx';
import { UploadMemory } from '../../files/upload/memory.ts';
import { UPLOAD_LIMITS } from '../../files/upload/types.ts';
import { Uploads } from '../../files/upload/uploads.ts';
import { CompanyLogoSetDocument, type CompanyFieldsFragment } from '../../gql/tenant/console.ts';
import { freshNonce, pageTimers } from '../../files/page.ts';
import { logoUrl } from '../../files/pictureUrl.ts';
import { useWords } from '../../i18n/react.ts';
import { Avatar } from '../../ui/Avatar.tsx';
import { reasonText, Refusal } from '../../ui/desk/requests.ts';
import styles from '../../ui/desk/desk.module.css';
import { consoleClient } from '../data.ts';

const LABELS = { title: 'crop.title.company', change: 'company.logoChange', remove: 'company.logoRemove' } as const;

/** Uploads of this page alone: nothing is kept for a reload. */
function openUploads(tenantId: string): Uploads {
  return new Uploads({
    api: createUploadApi(consoleClient), bytes: createByteTransport(tenantId, 'console'), timers: pageTimers,
    limits: UPLOAD_LIMITS, nonce: freshNonce, memory: new UploadMemory(null, { tenantId, memberId: '', sessionId: '', name: '' }),
    onError: () => undefined,
  });
}

interface CompanyLogoProps {
  company: Pick<CompanyFieldsFragment, 'id' | 'fullName' | 'shortName' | 'logoId'>;
  disabled: boolean;
}

export function CompanyLogo({ company, disabled }: CompanyLogoProps): ReactElement {
  const { t } = useWords();
  const queries = useQueryClient();
  const { id, logoId, fullName, shortName } = company;
  const [uploads] = useState(() => openUploads(id));
  useEffect(() => () => uploads.stop(), [uploads]);
  const save: Parameters<typeof PictureChange>[0]['save'] = async (picture) => {
    const input = picture ?? { fileId: null, crop: null };
    const { problem } = (await consoleClient.request(CompanyLogoSetDocument, { input })).companyLogoSet;
    if (problem) throw new Refusal(problem);
    await queries.invalidateQueries({ queryKey: ['company'] });
  };
  return (
    <div className={styles['person']}>
      <Avatar id={id} name={shortName ?? fullName} size="large" company picture={logoUrl(id, logoId)} />
      <div className={styles['stack']}>
        <p className={styles['muted']}>{t('company.logoHint')}</p>
        {disabled ? null : (
          <PictureChange
            purpose="COMPANY_LOGO" uploads={uploads} hasPicture={logoId !== null} labels={LABELS} save={save}
            reason={(error) => reasonText(t, error)}
          />
        )}
      </div>
    </div>
  );
}
