/** What the quick switcher offers: places, conversations that are known here, people of the company. */
import { useMemo } from 'react';
import { useLocation } from 'wouter';
import type { Translate } from '../../i18n/index.ts';
import { failureText, useWords } from '../../i18n/react.ts';
import { useChat, useLive } from '../context.ts';
import { sortedConversations } from '../conversations/rows.ts';
import type { Conversation } from '../live/types.ts';
import { useOpenDirect, usePeople, type Person } from '../people/usePeople.ts';

const SHOWN_MAX = 12;

export interface SwitcherItem {
  key: string;
  title: string;
  about: string;
  avatarId: string | null;
  /** Where to go, or whom to talk to. */
  target: { path: string } | { memberId: string };
}

interface SwitcherInput {
  typed: string;
  conversations: readonly Conversation[];
  people: readonly Person[];
  ownId: string;
  t: Translate;
}

function places(t: Translate): SwitcherItem[] {
  const list: [string, string][] = [
    ['/', t('rail.chats')], ['/people', t('rail.people')], ['/settings', t('rail.settings')],
    ['/console', t('switcher.console')],
  ];
  return list.map(([path, title]) => ({
    key: path, title, about: t('switcher.place'), avatarId: null, target: { path },
  }));
}

/** Conversations first, then people without one, then places; all by what was typed. */
export function switcherItems({ typed, conversations, people, ownId, t }: SwitcherInput): SwitcherItem[] {
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
      key: id, title, about: t('switcher.conversation'), avatarId: peer?.id ?? id,
      target: { path: `/c/${id}` },
    })),
    ...others.map(({ id, name, account, departments }) => ({
      key: id, title: name, about: [account, ...departments.map((one) => one.name)].join(' · '),
      avatarId: id, target: { memberId: id },
    })),
  ];
  return [...items.slice(0, SHOWN_MAX), ...places(t).filter(({ title }) => matches(title))];
}

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
  const { data } = usePeople({ search: typed, departmentId: null }, typed !== '');
  const items = useMemo(() => {
    const people = typed === '' ? [] : (data?.pages.flatMap(({ edges }) => edges.map(({ node }) => node)) ?? []);
    const conversations = sortedConversations(known);
    return switcherItems({ typed, conversations, people, ownId: identity.memberId, t });
  }, [typed, data, known, identity, t]);
  const go = ({ target }: SwitcherItem): void => {
    if ('path' in target) {
      navigate(target.path);
      onClose();
    } else {
      openDirect.mutate(target.memberId, { onSuccess: onClose });
    }
  };
  return { items, go, failure: openDirect.error ? failureText(t, openDirect.error) : null };
}
