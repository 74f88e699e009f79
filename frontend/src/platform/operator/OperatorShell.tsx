/** The operator's menu and pages. */
import HomeOutlined from '@ant-design/icons-svg/es/asn/HomeOutlined';
import MailOutlined from '@ant-design/icons-svg/es/asn/MailOutlined';
import ShopOutlined from '@ant-design/icons-svg/es/asn/ShopOutlined';
import type { ReactElement } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { useWords } from '../../i18n/react.ts';
import { DeskFrame } from '../../ui/desk/DeskFrame.tsx';
import { HomePage } from './HomePage.tsx';
import type { OperatorViewer } from './index.tsx';
import { MailboxPage } from './MailboxPage.tsx';
import { TenantPage } from './TenantPage.tsx';
import { TenantsPage } from './TenantsPage.tsx';

const SEARCHES = [
  { path: '/operator/tenants', label: 'tenants.searchFor' }, { path: '/operator/mailbox', label: 'mailbox.searchFor' },
] as const;

interface OperatorShellProps {
  viewer: OperatorViewer;
  onSignOut: () => void;
}

export function OperatorShell({ viewer, onSignOut }: OperatorShellProps): ReactElement {
  const { t } = useWords();
  return (
    <DeskFrame
      title={t('operator.title')} who={viewer.name} onSignOut={onSignOut} searches={SEARCHES}
      areas={[
        { path: '/operator/home', label: t('operator.home'), icon: HomeOutlined },
        { path: '/operator/tenants', label: t('operator.tenants'), icon: ShopOutlined },
        { path: '/operator/mailbox', label: t('operator.mailbox'), icon: MailOutlined },
      ]}
    >
      <Switch>
        <Route path="/operator/home" component={HomePage} />
        <Route path="/operator/tenants" component={TenantsPage} />
        <Route path="/operator/tenants/:id">{({ id }) => <TenantPage key={id} tenantId={id} />}</Route>
        <Route path="/operator/mailbox" component={MailboxPage} />
        <Route><Redirect to="/operator/home" replace /></Route>
      </Switch>
    </DeskFrame>
  );
}
