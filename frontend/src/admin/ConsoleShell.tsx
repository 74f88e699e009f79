/** The console's menu: areas of TEN-15 that exist and that the viewer may enter. */
import ApartmentOutlined from '@ant-design/icons-svg/es/asn/ApartmentOutlined';
import AuditOutlined from '@ant-design/icons-svg/es/asn/AuditOutlined';
import BankOutlined from '@ant-design/icons-svg/es/asn/BankOutlined';
import DesktopOutlined from '@ant-design/icons-svg/es/asn/DesktopOutlined';
import MailOutlined from '@ant-design/icons-svg/es/asn/MailOutlined';
import SafetyOutlined from '@ant-design/icons-svg/es/asn/SafetyOutlined';
import TeamOutlined from '@ant-design/icons-svg/es/asn/TeamOutlined';
import type { ComponentType, ReactElement } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import type { Permission } from '../gql/tenant/session.ts';
import type { Language, MessageKey } from '../i18n/index.ts';
import { useWords } from '../i18n/react.ts';
import { saveLanguage, signOut } from '../session/viewer.ts';
import { DeskFrame } from '../ui/desk/DeskFrame.tsx';
import { EmptyState } from '../ui/States.tsx';
import { AuditLogPage } from './AuditLogPage.tsx';
import { CompanyPage } from './company/CompanyPage.tsx';
import { useViewer } from './data.ts';
import { DepartmentsPage } from './departments/DepartmentsPage.tsx';
import { MailsPage } from './MailsPage.tsx';
import { MembersPage } from './members/MembersPage.tsx';
import { SecurityPage } from './SecurityPage.tsx';
import { SessionsPage } from './SessionsPage.tsx';

interface Area {
  path: string;
  label: MessageKey;
  icon: typeof BankOutlined;
  needs: Permission;
  page: ComponentType;
}

const AREAS: readonly Area[] = [
  { path: '/console/company', label: 'console.company', icon: BankOutlined, needs: 'COMPANY_VIEW', page: CompanyPage },
  { path: '/console/members', label: 'console.members', icon: TeamOutlined, needs: 'MEMBERS_VIEW', page: MembersPage },
  {
    path: '/console/departments', label: 'console.departments', icon: ApartmentOutlined, needs: 'MEMBERS_VIEW',
    page: DepartmentsPage,
  },
  {
    path: '/console/security', label: 'console.security', icon: SafetyOutlined, needs: 'SECURITY_MANAGE',
    page: SecurityPage,
  },
  {
    path: '/console/sessions', label: 'console.sessions', icon: DesktopOutlined, needs: 'SESSIONS_MANAGE',
    page: SessionsPage,
  },
  { path: '/console/mails', label: 'console.mails', icon: MailOutlined, needs: 'MAIL_VIEW', page: MailsPage },
  { path: '/console/audit', label: 'console.audit', icon: AuditOutlined, needs: 'COMPANY_VIEW', page: AuditLogPage },
];

export function ConsoleShell({ onSignedOut }: { onSignedOut: () => void }): ReactElement {
  const { t } = useWords();
  const viewer = useViewer();
  const areas = AREAS.filter(({ needs }) => viewer.permissions.includes(needs));
  const first = areas[0];
  const keepLanguage = (language: Language): void => {
    if (viewer.member) void saveLanguage('console', language).catch(() => undefined);
  };
  return (
    <DeskFrame
      title={t('console.title')} areas={areas.map((area) => ({ ...area, label: t(area.label) }))}
      who={viewer.member?.name ?? t('console.founder')} onLanguage={keepLanguage}
      onSignOut={() => void signOut('console').catch(() => undefined).finally(onSignedOut)}
    >
      {first ? (
        <Switch>
          {areas.map(({ path, page }) => <Route key={path} path={path} component={page} />)}
          <Route><Redirect to={first.path} replace /></Route>
        </Switch>
      ) : <EmptyState title={t('console.nothing')} hint={t('console.nothingHint')} />}
    </DeskFrame>
  );
}
