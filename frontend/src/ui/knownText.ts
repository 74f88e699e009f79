/** A text whose key is made from a code of the server; an unknown code is shown as it is. */
import type { MessageKey, Translate } from '../i18n/index.ts';

export function knownText(t: Translate, prefix: string, code: string): string {
  const key = `${prefix}.${code}`;
  const text = t(key as MessageKey);
  return text === key ? code : text;
}
