/** Buttons with words, and buttons with an icon and a name. */
import type { IconDefinition } from '@ant-design/icons-svg/es/types';
import type { ButtonHTMLAttributes, ReactElement } from 'react';
import { Icon } from './Icon.tsx';
import styles from './controls.module.css';

type Native = ButtonHTMLAttributes<HTMLButtonElement>;

export interface ButtonProps extends Native {
  look?: 'plain' | 'primary' | 'danger' | 'quiet';
  block?: boolean;
}

export function Button({ look = 'plain', block, type, className, ...rest }: ButtonProps): ReactElement {
  const names = [styles['button'], look === 'plain' ? '' : styles[look], block ? styles['block'] : ''];
  return (
    <button type={type ?? 'button'} className={[...names, className].filter(Boolean).join(' ')} {...rest} />
  );
}

export interface IconButtonProps extends Native {
  icon: IconDefinition;
  label: string;
  size?: number;
}

export function IconButton({ icon, label, size, className, ...rest }: IconButtonProps): ReactElement {
  return (
    <button
      type="button" aria-label={label} title={label}
      className={[styles['iconButton'], className].filter(Boolean).join(' ')} {...rest}
    >
      <Icon of={icon} {...(size ? { size } : {})} />
    </button>
  );
}
