/** Whether somebody gets a seat at the first sign-in (LIC-09). */
import { App, Switch } from 'antd';
import { useId, type ReactElement } from 'react';
import { SecuritySettingsUpdateDocument, type CompanyFieldsFragment } from '../../gql/tenant/console.ts';
import { useWords } from '../../i18n/react.ts';
import styles from '../../ui/desk/desk.module.css';
import { reasonText, useVerb } from '../../ui/desk/requests.ts';
import { consoleClient } from '../data.ts';

interface AutoAuthorizeProps {
  company: Pick<CompanyFieldsFragment, 'autoAuthorize'>;
  disabled: boolean;
}

export function AutoAuthorize({ company, disabled }: AutoAuthorizeProps): ReactElement {
  const { t } = useWords();
  const { message } = App.useApp();
  const id = useId();
  const update = useVerb({
    client: consoleClient, document: SecuritySettingsUpdateDocument, refreshes: ['company', 'security'],
    payload: ({ securitySettingsUpdate }) => securitySettingsUpdate,
  });
  const change = (autoAuthorize: boolean): void => update.mutate({ input: { autoAuthorize } }, {
    onSuccess: () => void message.success(t('desk.saved')),
    onError: (error) => void message.error(reasonText(t, error)),
  });
  return (
    <div className={styles['switchRow']}>
      <div>
        <label htmlFor={id}>{t('company.autoAuthorize')}</label>
        <p>{t(company.autoAuthorize ? 'company.autoAuthorizeOn' : 'company.autoAuthorizeOff')}</p>
      </div>
      <Switch id={id} checked={company.autoAuthorize} disabled={disabled} loading={update.isPending} onChange={change} />
    </div>
  );
}
