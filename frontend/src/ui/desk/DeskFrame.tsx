/** The frame of a console: side menu (a drawer when narrow), who is signed in, the page. */
import MenuOutlined from '@ant-design/icons-svg/es/asn/MenuOutlined';
import type { IconDefinition } from '@ant-design/icons-svg/es/types';
import { Drawer } from 'antd';
import { useEffect, useState, type ReactElement, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import type { Language } from '../../i18n/index.ts';
import { useWords } from '../../i18n/react.ts';
import { Button, IconButton } from '../Button.tsx';
import { Icon } from '../Icon.tsx';
import { LanguageChoice, ThemeSwitch } from '../Preferences.tsx';
import styles from './desk.module.css';

export interface DeskArea {
  path: string;
  label: string;
  icon: IconDefinition;
}

export interface DeskFrameProps {
  title: string;
  areas: readonly DeskArea[];
  who: ReactNode;
  onSignOut: () => void;
  onLanguage?: (language: Language) => void;
  children: ReactNode;
}

export function DeskFrame(props: DeskFrameProps): ReactElement {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  const { title, children } = props;
  useEffect(() => {
    document.title = `${title} · ${t('brand')}`;
  }, [title, t]);
  return (
    <div className={styles['frame']}>
      <aside className={styles['side']}><DeskSide {...props} /></aside>
      <header className={styles['bar']}>
        <IconButton icon={MenuOutlined} label={t('desk.menu')} onClick={() => setOpen(true)} />
        <strong>{title}</strong>
      </header>
      <Drawer open={open} onClose={() => setOpen(false)} placement="left" size={272} title={title}>
        <DeskSide {...props} onGone={() => setOpen(false)} />
      </Drawer>
      <main className={styles['page']}>{children}</main>
    </div>
  );
}

function DeskSide(props: DeskFrameProps & { onGone?: () => void }): ReactElement {
  const { t } = useWords();
  const [path] = useLocation();
  const { title, areas, who, onSignOut, onLanguage, onGone } = props;
  const current = areas.reduce<DeskArea | null>((best, area) => (
    path.startsWith(area.path) && area.path.length > (best?.path.length ?? 0) ? area : best
  ), null);
  return (
    <div className={styles['sideInner']}>
      <div className={styles['brand']}>
        <img src="/favicon.svg" alt="" width={26} height={26} /><span>{title}</span>
      </div>
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
      <div className={styles['preferences']}>
        <LanguageChoice {...(onLanguage ? { onChosen: onLanguage } : {})} />
        <ThemeSwitch />
        <div className={styles['who']}>{who}</div>
        <Button onClick={onSignOut}>{t('action.signOut')}</Button>
      </div>
    </div>
  );
}
