/** A member's own settings: look, language, sending, password, devices, leaving. */
import ArrowLeftOutlined from '@ant-design/icons-svg/es/asn/ArrowLeftOutlined';
import { useEffect, useRef, type ReactElement, type ReactNode } from 'react';
import { Link, useLocation, useSearchParams } from 'wouter';
import { useWords } from '../../i18n/react.ts';
import { saveLanguage } from '../../session/viewer.ts';
import { Avatar } from '../../ui/Avatar.tsx';
import { IconButton } from '../../ui/Button.tsx';
import { LanguageChoice, ThemeSwitch } from '../../ui/Preferences.tsx';
import { Segmented } from '../../ui/Segmented.tsx';
import chat from '../chat.module.css';
import { chooseSendKey, useSendKey, type SendKey } from '../composer/sendKey.ts';
import { Companies } from '../CompanyDialog.tsx';
import { useChat } from '../context.ts';
import { useMemberPicture } from '../files/useMemberPicture.ts';
import { useCompany } from '../useCompany.ts';
import { DeviceList } from './DeviceList.tsx';
import { OwnPassword } from './OwnPassword.tsx';
import { OwnPicture } from './OwnPicture.tsx';
import { SETTINGS, type SettingId } from './settings.ts';
import styles from './settings.module.css';
import { SignOutButton } from './SignOutButton.tsx';

export function SettingsPage(): ReactElement {
  const { t } = useWords();
  const [, navigate] = useLocation();
  return (
    <section className={chat['conversationMain']}>
      <header className={chat['head']}>
        <IconButton
          icon={ArrowLeftOutlined} label={t('action.back')} className={chat['back'] ?? ''}
          onClick={() => navigate('/')}
        />
        <div className={chat['headText']}><h2>{t('settings.title')}</h2></div>
      </header>
      <div className={chat['scroller']} tabIndex={0} role="region" aria-label={t('settings.title')}>
        <div className={styles['page']}>
          <Self />
          <Looks />
          <Block id="password"><OwnPassword /></Block>
          <Block id="devices" lead={t('settings.devicesLead')}><DeviceList /></Block>
          <Block id="companies" lead={t('companies.lead')}>
            <Companies onSwitched={() => navigate('/')} />
          </Block>
          <Block id="leave" lead={t('settings.leaveLead')}><SignOutButton /></Block>
        </div>
      </div>
    </section>
  );
}

function Self(): ReactElement {
  const { t } = useWords();
  const { live, viewer } = useChat();
  const { identity } = live.store;
  const data = useCompany();
  const picture = useMemberPicture(identity.memberId);
  return (
    <div className={styles['self']}>
      <Avatar id={identity.memberId} name={identity.name} picture={picture} size="large" />
      <div>
        <p className={styles['name']}>{identity.name}</p>
        <p>{[viewer?.member?.account, data?.fullName].filter(Boolean).join(' · ')}</p>
        <Link href="/console">{t('settings.toConsole')}</Link>
        <OwnPicture hasPicture={picture !== null} />
      </div>
    </div>
  );
}

function Looks(): ReactElement {
  const { t } = useWords();
  const sendKey = useSendKey();
  const options: { value: SendKey; label: string }[] = [
    { value: 'enter', label: 'Enter' }, { value: 'ctrl-enter', label: 'Ctrl Enter' },
  ];
  return (
    <Block id="look">
      <Line label={t('preferences.language')}>
        <LanguageChoice onChosen={(language) => void saveLanguage('member', language).catch(() => undefined)} />
      </Line>
      <Line label={t('preferences.theme')}><ThemeSwitch /></Line>
      <Line label={t('settings.sendKey')}>
        <Segmented label={t('settings.sendKey')} value={sendKey} options={options} onValue={chooseSendKey} />
      </Line>
    </Block>
  );
}

interface BlockProps {
  id: SettingId;
  lead?: string;
  children: ReactNode;
}

function Block({ id, lead, children }: BlockProps): ReactElement {
  const { t } = useWords();
  const [search] = useSearchParams();
  const wanted = search.get('at') === id;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!wanted) return;
    heading.current?.scrollIntoView({ block: 'start' });
    heading.current?.focus({ preventScroll: true });
  }, [wanted]);
  const title = SETTINGS.find((setting) => setting.id === id)?.title ?? 'settings.title';
  return (
    <section className={styles['block']}>
      <h3 ref={heading} tabIndex={-1}>{t(title)}</h3>
      {lead ? <p className={styles['lead']}>{lead}</p> : null}
      {children}
    </section>
  );
}

function Line({ label, children }: { label: string; children: ReactNode }): ReactElement {
  return <div className={styles['line']}><span>{label}</span>{children}</div>;
}
