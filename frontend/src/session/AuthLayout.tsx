/** The frame of everything outside: brand, one column, language and theme below. */
import { useEffect, type ReactElement, type ReactNode } from 'react';
import { useWords } from '../i18n/react.ts';
import { LanguageChoice, ThemeSwitch } from '../ui/Preferences.tsx';
import styles from './auth.module.css';

export interface AuthLayoutProps {
  title: string;
  lead?: ReactNode;
  children: ReactNode;
  /** Below the card: where else to go. */
  foot?: ReactNode;
  wide?: boolean;
}

export function AuthLayout({ title, lead, children, foot, wide }: AuthLayoutProps): ReactElement {
  const { t } = useWords();
  useEffect(() => {
    document.title = `${title} · ${t('brand')}`;
  }, [title, t]);
  return (
    <div className={styles['page']}>
      <header className={styles['brand']}>
        <img src="/favicon.svg" alt="" width={32} height={32} />
        <span>{t('brand')}</span>
      </header>
      <main className={styles['main']}>
        <div className={`${styles['card']} ${wide ? styles['wide'] : ''}`}>
          <h1 className={styles['title']}>{title}</h1>
          {lead ? <p className={styles['lead']}>{lead}</p> : null}
          {children}
        </div>
        {foot ? <div className={styles['foot']}>{foot}</div> : null}
      </main>
      <footer className={styles['preferences']}>
        <LanguageChoice />
        <ThemeSwitch />
      </footer>
    </div>
  );
}
