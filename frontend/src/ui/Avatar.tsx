/** The mark of a person or a company. The name stands beside it everywhere, so it is hidden from screen readers. */
import { useState, type ReactElement } from 'react';
import styles from './Avatar.module.css';
import { avatarHue, avatarLetters, companyLetters } from './avatar.ts';

export interface AvatarProps {
  id: string;
  name: string;
  size?: 'small' | 'medium' | 'large';
  online?: boolean | undefined;
  company?: boolean;
  /** The address of a picture; letters stand where there is none, or where it does not come. */
  picture?: string | null | undefined;
  /** The word on hover. */
  title?: string | undefined;
}

export function Avatar({ id, name, size = 'medium', online, company, picture, title }: AvatarProps): ReactElement {
  const [broken, setBroken] = useState<string | null>(null);
  return (
    <span
      className={`${styles['avatar']} ${styles[size]}`} data-hue={avatarHue(id)} data-company={company || undefined}
      aria-hidden="true" title={title}
    >
      {company ? companyLetters(name) : avatarLetters(name)}
      {picture && picture !== broken ? (
        <img src={picture} alt="" decoding="async" draggable={false} onError={() => setBroken(picture)} />
      ) : null}
      {online ? <span className={styles['dot']} /> : null}
    </span>
  );
}
