/** A page of a console: a title, one sentence that says what it governs, and the work. */
import type { ReactElement, ReactNode } from 'react';
import styles from './desk.module.css';

export interface PageProps {
  title: ReactNode;
  lead: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

export function Page({ title, lead, actions, children }: PageProps): ReactElement {
  return (
    <div className={styles['content']}>
      <header className={styles['pageHead']}>
        <div>
          <h1>{title}</h1>
          <p>{lead}</p>
        </div>
        {actions ? <div className={styles['actions']}>{actions}</div> : null}
      </header>
      {children}
    </div>
  );
}

export function Section({ title, lead, children }: { title: string; lead?: string; children: ReactNode }): ReactElement {
  return (
    <section className={styles['section']}>
      <h2>{title}</h2>
      {lead ? <p className={styles['lead']}>{lead}</p> : null}
      {children}
    </section>
  );
}

export function Facts({ children }: { children: ReactNode }): ReactElement {
  return <dl className={styles['facts']}>{children}</dl>;
}

export function Fact({ label, children }: { label: string; children: ReactNode }): ReactElement {
  return <div><dt>{label}</dt><dd>{children}</dd></div>;
}
