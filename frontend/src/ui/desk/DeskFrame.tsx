/** The frame of a console: side menu (a drawer when narrow), who is signed in, the page. */
import MenuOutlined from '@ant-design/icons-svg/es/asn/MenuOutlined';
import SearchOutlined from '@ant-design/icons-svg/es/asn/SearchOutlined';
import type { IconDefinition } from '@ant-design/icons-svg/es/types';
import { Drawer } from 'antd';
import { useEffect, useState, type ReactElement, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import type { Language } from '../../i18n/index.ts';
import { useWords } from '../../i18n/react.ts';
import { Button, IconButton } from '../Button.tsx';
import { Icon } from '../Icon.tsx';
import { KeysDialog, type KeyHint } from '../KeysDialog.tsx';
import { LanguageChoice, ThemeSwitch } from '../Preferences.tsx';
import styles from './desk.module.css';
import { DeskPalette, type DeskSearch } from './DeskPalette.tsx';
import { useDeskKeys, type DeskOverlay } from './useDeskKeys.ts';

export interface DeskArea {
  path: string;
  label: string;
  icon: IconDefinition;
}

export interface DeskFrameProps {
  title: string;
  areas: readonly DeskArea[];
  who: ReactNode;
  /** Ways out, e.g. to the chat. */
  exits?: readonly { path: string; label: string }[];
  /** Lists that Ctrl K can search in. */
  searches?: readonly DeskSearch[];
  /** Keys of this console besides those of every one. */
  keys?: readonly KeyHint[];
  onSignOut: () => void;
  onLanguage?: (language: Language) => void;
  children: ReactNode;
}

export function DeskFrame(props: DeskFrameProps): ReactElement {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  const [overlay, setOverlay] = useState<DeskOverlay | null>(null);
  const { title, areas, exits = [], searches = [], keys = [], children } = props;
  useDeskKeys(setOverlay);
  useEffect(() => {
    document.title = `${title} · ${t('brand')}`;
  }, [title, t]);
  const close = (): void => setOverlay(null);
  const find = (): void => setOverlay('palette');
  const hints = [
    { keys: 'Ctrl K', meaning: t('desk.find') }, { keys: '?', meaning: t('keys.help') }, ...keys,
    { keys: 'Esc', meaning: t('keys.escape') },
  ];
  return (
    <div className={styles['frame']}>
      <aside className={styles['side']}><DeskSide {...props} onFind={find} /></aside>
      <header className={styles['bar']}>
        <IconButton icon={MenuOutlined} label={t('desk.menu')} onClick={() => setOpen(true)} />
        <strong>{title}</strong>
        <IconButton icon={SearchOutlined} label={t('desk.find')} onClick={find} />
      </header>
      <Drawer open={open} onClose={() => setOpen(false)} placement="left" size={272} title={title}>
        <DeskSide {...props} onFind={find} onGone={() => setOpen(false)} />
      </Drawer>
      <main className={styles['page']}>{children}</main>
      {overlay === 'palette' ? <DeskPalette areas={areas} exits={exits} searches={searches} onClose={close} /> : null}
      {overlay === 'keys' ? <KeysDialog hints={hints} onClose={close} /> : null}
    </div>
  );
}

interface DeskSideProps extends DeskFrameProps {
  onFind: () => void;
  onGone?: () => void;
}

function DeskSide(props: DeskSideProps): ReactElement {
  const { t } = useWords();
  const { title, who, exits = [], onSignOut, onLanguage, onFind, onGone } = props;
  return (
    <div className={styles['sideInner']}>
      <div className={styles['brand']}>
        <img src="/favicon.svg" alt="" width={26} height={26} /><span>{title}</span>
      </div>
      <button type="button" className={styles['find']} onClick={() => { onGone?.(); onFind(); }}>
        <Icon of={SearchOutlined} size={15} /><span>{t('desk.find')}</span><kbd>Ctrl K</kbd>
      </button>
      <DeskMenu {...props} />
      <div className={styles['preferences']}>
        {exits.map(({ path, label }) => <Link key={path} href={path}>{label}</Link>)}
        <LanguageChoice {...(onLanguage ? { onChosen: onLanguage } : {})} />
        <ThemeSwitch />
        <div className={styles['who']}>{who}</div>
        <Button onClick={onSignOut}>{t('action.signOut')}</Button>
      </div>
    </div>
  );
}

function DeskMenu({ title, areas, onGone }: DeskSideProps): ReactElement {
  const [path] = useLocation();
  const current = areas.reduce<DeskArea | null>((best, area) => (
    path.startsWith(area.path) && area.path.length > (best?.path.length ?? 0) ? area : best
  ), null);
  return (
    <nav aria-label={title} className={styles['menu']}>
      <ul>
        {areas.map(({ path: to, label, icon }) => (
          <li key={to}>
            <Link
              href={to} className={styles['menuItem'] ?? ''} aria-current={to === current?.path ? 'page' : undefined}
              onClick={() => onGone?.()}
            >
              <Icon of={icon} size={16} />{label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
