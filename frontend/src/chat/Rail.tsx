/** The narrow rail: chats, contacts, search, settings, and who one is. A bar below when narrow. */
import MessageOutlined from '@ant-design/icons-svg/es/asn/MessageOutlined';
import QuestionCircleOutlined from '@ant-design/icons-svg/es/asn/QuestionCircleOutlined';
import SearchOutlined from '@ant-design/icons-svg/es/asn/SearchOutlined';
import SettingOutlined from '@ant-design/icons-svg/es/asn/SettingOutlined';
import TeamOutlined from '@ant-design/icons-svg/es/asn/TeamOutlined';
import type { IconDefinition } from '@ant-design/icons-svg/es/types';
import type { ReactElement } from 'react';
import { Link, useLocation } from 'wouter';
import { logoUrl } from '../files/pictureUrl.ts';
import { useWords } from '../i18n/react.ts';
import { currentTenant } from '../session/tenants.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Icon } from '../ui/Icon.tsx';
import styles from './chat.module.css';
import { useChat, useLive } from './context.ts';
import { totalUnread } from './conversations/rows.ts';
import { useMemberPicture } from './files/useMemberPicture.ts';
import { useCompany } from './useCompany.ts';

interface RailProps {
  onCompanies: () => void;
  onSwitcher: () => void;
  onKeys: () => void;
}

export function Rail({ onCompanies, onSwitcher, onKeys }: RailProps): ReactElement {
  const { t } = useWords();
  const [path] = useLocation();
  const { identity } = useChat().live.store;
  const picture = useMemberPicture(identity.memberId);
  const conversations = useLive((state) => state.conversations);
  const link = useLive((state) => state.link);
  const unread = totalUnread(conversations);
  const inChats = path === '/' || path.startsWith('/c/');
  return (
    <nav className={styles['rail']} aria-label={t('rail.label')}>
      <RailCompany onCompanies={onCompanies} />
      <RailLink to="/" icon={MessageOutlined} label={t('rail.chats')} current={inChats} count={unread} />
      <RailLink to="/people" icon={TeamOutlined} label={t('rail.people')} current={path.startsWith('/people')} />
      <RailButton icon={SearchOutlined} label={t('rail.search')} title={t('rail.searchKey')} onClick={onSwitcher} />
      <RailLink to="/settings" icon={SettingOutlined} label={t('rail.settings')} current={path === '/settings'} />
      <span className={styles['railSpace']} />
      <span className={styles['railKeys']}>
        <RailButton icon={QuestionCircleOutlined} label={t('rail.keys')} title={t('rail.keys')} onClick={onKeys} />
      </span>
      <Link href="/settings" className={styles['railSelf']} aria-label={t('rail.self', { name: identity.name })}>
        <Avatar id={identity.memberId} name={identity.name} picture={picture} online={link === 'online'} />
      </Link>
    </nav>
  );
}

function RailCompany({ onCompanies }: Pick<RailProps, 'onCompanies'>): ReactElement {
  const { t } = useWords();
  const { tenantId } = useChat().live.store.identity;
  const company = useCompany();
  // What it was called the last time, until the server says.
  const name = company?.shortName ?? company?.fullName ?? currentTenant('member')?.company ?? '';
  const label = t('rail.company', { company: name });
  return (
    <button type="button" className={styles['railCompany']} title={name} aria-label={label} onClick={onCompanies}>
      <Avatar id={tenantId} name={name} picture={logoUrl(tenantId, company?.logoId)} company />
    </button>
  );
}

interface RailLinkProps {
  to: string;
  icon: IconDefinition;
  label: string;
  current: boolean;
  count?: number;
}

function RailLink({ to, icon, label, current, count = 0 }: RailLinkProps): ReactElement {
  const { t } = useWords();
  return (
    <Link href={to} className={styles['railItem'] ?? ''} aria-current={current ? 'page' : undefined}>
      <span className={styles['railIcon']}>
        <Icon of={icon} size={21} />
        {count > 0 ? (
          <span className={styles['railCount']} aria-label={t('chats.unreadCount', { count })}>
            {count > 99 ? '99+' : count}
          </span>
        ) : null}
      </span>
      <span>{label}</span>
    </Link>
  );
}

interface RailButtonProps {
  icon: IconDefinition;
  label: string;
  title: string;
  onClick: () => void;
}

function RailButton({ icon, label, title, onClick }: RailButtonProps): ReactElement {
  return (
    <button type="button" className={styles['railItem']} title={title} onClick={onClick}>
      <span className={styles['railIcon']}><Icon of={icon} size={21} /></span>
      <span>{label}</span>
    </button>
  );
}
