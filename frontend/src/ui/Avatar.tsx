/** The mark of a person or a company. The name stands beside it everywhere, so it is hidden from screen readers. */
import type { ReactElement } from 'react';
import styles from './Avatar.module.css';
import { avatarHue, avatarLetters, companyLetters } from './avatar.ts';

export interface AvatarProps {
  id: string;
  name: string;
  size?: 'small' | 'medium' | 'large';
  online?: boolean | undefined;
  company?: boolean;
  /** The word on hover. */
  title?: string | undefined;
}

export function Avatar({ id, name, size = 'medium', online, company, title }: AvatarProps): ReactElement {
  return (
    <span
      className={`${styles['avatar']} ${styles[size]}`} data-hue={avatarHue(id)} data-company={company || undefined}
      aria-hidden="true" title={title}
    >
      {company ? companyLetters(name) : avatarLetters(name)}
      {online ? <span className={styles['dot']} /> : null}
    </span>
  );
}
