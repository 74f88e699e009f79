/** A name on one line: where it is too long its middle is cut, its extension stays. */
import type { ReactElement } from 'react';
import { splitName } from '../../files/words.ts';
import styles from './attachments.module.css';

export function FileName({ name }: { name: string }): ReactElement {
  const { head, tail } = splitName(name);
  return (
    <span className={styles['name']} title={name}>
      <span className={styles['nameHead']}>{head}</span><span className={styles['nameTail']}>{tail}</span>
    </span>
  );
}
