/** A person's mark. The name stands beside it everywhere, so it is hidden from screen readers. */
import type { ReactElement } from 'react';
import styles from './Avatar.module.css';
import { avatarHue, avatarLetters } from './avatar.ts';

export interface AvatarProps {
  id: string;
  name: string;
  size?: 'small' | 'medium' | 'large';
  online?: boolean | undefined;
}

export function Avatar({ id, name, size = 'medium', online }: AvatarProps): ReactElement {
  return (
    <span className={`${styles['avatar']} ${styles[size]}`} data-hue={avatarHue(id)} aria-hidden="true">
      {avatarLetters(name)}
      {online ? <span className={styles['dot']} /> : null}
    </span>
  );
}
