/** The text of a mail with its links. */
import type { ReactElement } from 'react';
import { splitLinks } from '../../ui/links.ts';

export function MailText({ text }: { text: string }): ReactElement {
  return (
    <>
      {splitLinks(text).map(({ text: part, href }, index) => (
        href ? <a key={index} href={href} rel="noreferrer">{part}</a> : part
      ))}
    </>
  );
}
