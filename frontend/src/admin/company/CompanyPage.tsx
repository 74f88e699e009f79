/** Company information: registration data, seats, expiry, automatic authorisation (TEN-04, LIC-01). */
import { Button, Tag } from 'antd';
import { useState, type ReactElement } from 'react';
import { CompanyDocument, type CompanyFieldsFragment } from '../../gql/tenant/console.ts';
import { daysBetween, formatDate } from '../../i18n/format.ts';
import { useWords } from '../../i18n/react.ts';
import { ErrorState, Skeleton } from '../../ui/States.tsx';
import { knownText } from '../../ui/knownText.ts';
import { Fact, Facts, Page, Section } from '../../ui/desk/Page.tsx';
import { SeatsMeter } from '../../ui/desk/SeatsMeter.tsx';
import { useConsole, useMay } from '../data.ts';
import { AutoAuthorize } from './AutoAuthorize.tsx';
import { CompanyLogo } from './CompanyLogo.tsx';
import { CompanyDrawer } from './CompanyDrawer.tsx';
import { SuperPassword } from './SuperPassword.tsx';

export function CompanyPage(): ReactElement {
  const { t } = useWords();
  const { data, error, refetch } = useConsole('company', CompanyDocument, {});
  const [editing, setEditing] = useState(false);
  const manages = useMay('COMPANY_MANAGE');
  if (!data) {
    return (
      <Page title={t('console.company')} lead={t('company.lead')}>
        {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <Skeleton avatars={false} wide />}
      </Page>
    );
  }
  const { company } = data;
  return (
    <Page
      title={t('console.company')} lead={t('company.lead')}
      actions={manages ? <Button onClick={() => setEditing(true)}>{t('company.edit')}</Button> : null}
    >
      {company.superPasswordSet || !manages ? null : <SuperPassword />}
      <Section title={t('company.logo')}><CompanyLogo company={company} disabled={!manages} /></Section>
      <Section title={t('company.registration')}><Registration company={company} /></Section>
      <Section title={t('company.licence')}><Licence company={company} /></Section>
      <Section title={t('company.authorisation')}><AutoAuthorize company={company} disabled={!manages} /></Section>
      {editing ? <CompanyDrawer company={company} onClose={() => setEditing(false)} /> : null}
    </Page>
  );
}

function Registration({ company }: { company: CompanyFieldsFragment }): ReactElement {
  const { t } = useWords();
  return (
    <Facts>
      <Fact label={t('company.fullName')}>{company.fullName}</Fact>
      <Fact label={t('company.shortName')}>{company.shortName ?? t('desk.none')}</Fact>
      <Fact label={t('company.enterpriseNumber')}>{company.enterpriseNumber}</Fact>
      <Fact label={t('company.hostName')}>{company.hostName}</Fact>
      <Fact label={t('company.mobile')}>{company.mobile ?? t('desk.none')}</Fact>
      <Fact label={t('company.email')}>{company.email ?? t('desk.none')}</Fact>
      <Fact label={t('company.industry')}>{knownText(t, 'industry', company.industry)}</Fact>
      <Fact label={t('company.verification')}>
        <Tag color={company.verified ? 'success' : 'default'} variant="outlined">
          {t(company.verified ? 'company.verified' : 'company.unverified')}
        </Tag>
      </Fact>
    </Facts>
  );
}

function Licence({ company }: { company: CompanyFieldsFragment }): ReactElement {
  const { t } = useWords();
  const { expiresAt, trial, seatsUsed, seatsLimit } = company;
  const left = expiresAt ? daysBetween(new Date(), new Date(expiresAt)) : null;
  return (
    <>
      <SeatsMeter used={seatsUsed} limit={seatsLimit} />
      <Facts>
        <Fact label={t('company.expiresOn')}>
          {expiresAt ? formatDate(new Date(expiresAt)) : t('company.withoutEnd')}{' '}
          {trial ? <Tag color="processing" variant="outlined">{t('company.trial')}</Tag> : null}
        </Fact>
        {left === null ? null : (
          <Fact label={t('company.remaining')}>{left < 0 ? t('company.expired') : t('company.daysLeft', { days: left })}</Fact>
        )}
      </Facts>
    </>
  );
}
