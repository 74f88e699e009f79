/**
 * What the quick switcher offers: conversations that are known here, people of the company, pages,
 * settings, the console, and the other companies that are signed in to.
 */
import BankOutlined from '@ant-design/icons-svg/es/asn/BankOutlined';
import MessageOutlined from '@ant-design/icons-svg/es/asn/MessageOutlined';
import SettingOutlined from '@ant-design/icons-svg/es/asn/SettingOutlined';
import TeamOutlined from '@ant-design/icons-svg/es/asn/TeamOutlined';
import { useMemo } from 'react';
import { useLocation } from 'wouter';
import type { Permission } from '../../gql/tenant/session.ts';
import type { Translate } from '../../i18n/index.ts';
import { failureText, useWords } from '../../i18n/react.ts';
import type { RememberedTenant } from '../../session/remembered.ts';
import { chooseTenant, useSignedInTenants } from '../../session/tenants.ts';
import { consolePlaces } from '../../ui/consolePlaces.ts';
import type { PaletteItem } from '../../ui/Palette.tsx';
import { useChat, useLive } from '../context.ts';
import { sortedConversations } from '../conversations/rows.ts';
import type { Conversation } from '../live/types.ts';
import { useOpenDirect, usePeople, type Person } from '../people/usePeople.ts';
import { SETTINGS } from '../settings/settings.ts';

const SHOWN_MAX = 12;

export interface SwitcherItem extends PaletteItem {
  /** Where to go, whom to talk to, which company to work for. */
  target: { path: string } | { memberId: string } | { tenantId: string };
}

interface SwitcherInput {
  typed: string;
  conversations: readonly Conversation[];
  people: readonly Person[];
  /** Other companies that are signed in to. */
  tenants: readonly RememberedTenant[];
  permissions: readonly Permission[];
  ownId: string;
  t: Translate;
}

function places(t: Translate, permissions: readonly Permission[]): SwitcherItem[] {
  const pages = [
    { path: '/', title: t('rail.chats'), icon: MessageOutlined, about: 'palette.page' as const },
    { path: '/people', title: t('rail.people'), icon: TeamOutlined, about: 'palette.page' as const },
    { path: '/settings', title: t('rail.settings'), icon: SettingOutlined, about: 'palette.page' as const },
    ...SETTINGS.map(({ id, title }) => (
      { path: `/settings?at=${id}`, title: t(title), icon: SettingOutlined, about: 'rail.settings' as const }
    )),
    ...consolePlaces(permissions).map(({ path, label }) => (
      { path, title: t(label), icon: BankOutlined, about: 'console.title' as const }
    )),
  ];
  return pages.map(({ path, title, icon, about }) => ({
    key: path, title, about: t(about), mark: { icon }, target: { path },
  }));
}

function companies(t: Translate, tenants: readonly RememberedTenant[]): SwitcherItem[] {
  return tenants.map(({ tenantId, tenant, company }) => ({
    key: tenantId, title: company ?? tenant, about: t('switcher.company'), mark: { company: tenantId },
    target: { tenantId },
  }));
}

/** Conversations first, then people without one, then pages and companies; all by what was typed. */
export function switcherItems(input: SwitcherInput): SwitcherItem[] {
  const { typed, conversations, people, tenants, permissions, ownId, t } = input;
  const wanted = typed.toLocaleLowerCase();
  const matches = (text: string): boolean => text.toLocaleLowerCase().includes(wanted);
  const found = new Set(people.map(({ id }) => id));
  const talks = conversations.filter(({ title, peer }) => (
    matches(title) || (peer !== null && wanted !== '' && found.has(peer.id))
  ));
  const peers = new Set(talks.map(({ peer }) => peer?.id));
  const others = wanted === '' ? [] : people.filter(({ id }) => !peers.has(id) && id !== ownId);
  const items: SwitcherItem[] = [
    ...talks.map(({ id, title, peer }) => ({
      key: id, title, about: t('switcher.conversation'), mark: { person: peer?.id ?? id },
      target: { path: `/c/${id}` },
    })),
    ...others.map(({ id, name, account, departments }) => ({
      key: id, title: name, about: [account, ...departments.map((one) => one.name)].join(' · '),
      mark: { person: id }, target: { memberId: id },
    })),
  ];
  const elsewhere = [...companies(t, tenants), ...places(t, permissions)];
  return [
    ...items.slice(0, SHOWN_MAX),
    ...elsewhere.filter(({ title, about }) => matches(title) || (wanted !== '' && matches(about))),
  ];
}

const NO_PERMISSIONS: readonly Permission[] = [];

interface Switcher {
  items: SwitcherItem[];
  failure: string | null;
  go: (item: SwitcherItem) => void;
}

export function useSwitcher(typed: string, onClose: () => void): Switcher {
  const { t } = useWords();
  const { identity } = useChat().live.store;
  const [, navigate] = useLocation();
  const openDirect = useOpenDirect();
  const known = useLive((state) => state.conversations);
  const tenants = useSignedInTenants('member');
  const permissions = useChat().viewer?.permissions ?? NO_PERMISSIONS;
  const { data } = usePeople({ search: typed, departmentId: null }, typed !== '');
  const items = useMemo(() => {
    const people = typed === '' ? [] : (data?.pages.flatMap(({ edges }) => edges.map(({ node }) => node)) ?? []);
    const conversations = sortedConversations(known);
    const others = tenants.filter(({ tenantId }) => tenantId !== identity.tenantId);
    const ownId = identity.memberId;
    return switcherItems({ typed, conversations, people, tenants: others, permissions, ownId, t });
  }, [typed, data, known, tenants, permissions, identity, t]);
  const go = ({ target }: SwitcherItem): void => {
    if ('path' in target) {
      navigate(target.path);
      onClose();
    } else if ('tenantId' in target) {
      chooseTenant('member', target.tenantId);
      navigate('/');
    } else {
      openDirect.mutate(target.memberId, { onSuccess: onClose });
    }
  };
  return { items, go, failure: openDirect.error ? failureText(t, openDirect.error) : null };
}
