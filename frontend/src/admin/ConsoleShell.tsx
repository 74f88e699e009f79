/** The console's menu: areas of TEN-15 that exist and that the viewer may enter. */
import ApartmentOutlined from '@ant-design/icons-svg/es/asn/ApartmentOutlined';
import AuditOutlined from '@ant-design/icons-svg/es/asn/AuditOutlined';
import BankOutlined from '@ant-design/icons-svg/es/asn/BankOutlined';
import DesktopOutlined from '@ant-design/icons-svg/es/asn/DesktopOutlined';
import FolderOpenOutlined from '@ant-design/icons-svg/es/asn/FolderOpenOutlined';
import MailOutlined from '@ant-design/icons-svg/es/asn/MailOutlined';
import SafetyOutlined from '@ant-design/icons-svg/es/asn/SafetyOutlined';
import TeamOutlined from '@ant-design/icons-svg/es/asn/TeamOutlined';
import type { IconDefinition } from '@ant-design/icons-svg/es/types';
import type { ComponentType, ReactElement } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import type { Language } from '../i18n/index.ts';
import { useWords } from '../i18n/react.ts';
import { chooseTenant, signedInTenants } from '../session/tenants.ts';
import { saveLanguage, signOut } from '../session/viewer.ts';
import { consolePlaces, type ConsolePath } from '../ui/consolePlaces.ts';
import { DeskFrame } from '../ui/desk/DeskFrame.tsx';
import { EmptyState } from '../ui/States.tsx';
import { AuditLogPage } from './AuditLogPage.tsx';
import { consoleKeys } from './consoleKeys.ts';
import { ConsoleWho } from './ConsoleWho.tsx';
import { CompanyPage } from './company/CompanyPage.tsx';
import { useViewer } from './data.ts';
import { FilesPage } from './files/FilesPage.tsx';
import { DepartmentsPage } from './departments/DepartmentsPage.tsx';
import { MailsPage } from './MailsPage.tsx';
import { MembersPage } from './members/MembersPage.tsx';
import { SecurityPage } from './SecurityPage.tsx';
import { SessionsPage } from './SessionsPage.tsx';

/** What stands behind each place of the menu. */
const PAGES: Record<ConsolePath, { icon: IconDefinition; page: ComponentType }> = {
  '/console/company': { icon: BankOutlined, page: CompanyPage },
  '/console/members': { icon: TeamOutlined, page: MembersPage },
  '/console/departments': { icon: ApartmentOutlined, page: DepartmentsPage },
  '/console/security': { icon: SafetyOutlined, page: SecurityPage },
  '/console/files': { icon: FolderOpenOutlined, page: FilesPage },
  '/console/sessions': { icon: DesktopOutlined, page: SessionsPage },
  '/console/mails': { icon: MailOutlined, page: MailsPage },
  '/console/audit': { icon: AuditOutlined, page: AuditLogPage },
};

const MEMBER_SEARCH = [{ path: '/console/members', label: 'members.searchFor' }] as const;

export function ConsoleShell({ onSignedOut }: { onSignedOut: () => void }): ReactElement {
  const { t } = useWords();
  const viewer = useViewer();
  const areas = consolePlaces(viewer.permissions).map((place) => ({ ...place, ...PAGES[place.path] }));
  const first = areas[0];
  const leave = (): void => {
    const [other] = signedInTenants('console');
    if (other) chooseTenant('console', other.tenantId);
    else onSignedOut();
  };
  const keepLanguage = (language: Language): void => {
    if (viewer.member) void saveLanguage('console', language).catch(() => undefined);
  };
  return (
    <DeskFrame
      title={t('console.title')} areas={areas.map((area) => ({ ...area, label: t(area.label) }))}
      who={<ConsoleWho />} exits={[{ path: '/', label: t('console.toChat') }]} keys={consoleKeys(t)}
      searches={viewer.permissions.includes('MEMBERS_VIEW') ? MEMBER_SEARCH : []} onLanguage={keepLanguage}
      onSignOut={() => void signOut('console').catch(() => undefined).finally(leave)}
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
