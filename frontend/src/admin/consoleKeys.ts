/** What `?` shows in the console: the letters in the menus of its rows. */
import type { MessageKey, Translate } from '../i18n/index.ts';
import type { KeyHint } from '../ui/KeysDialog.tsx';
import { DEPARTMENT_LETTERS } from './departments/letters.ts';
import { VERB_LETTERS } from './members/useMemberVerbs.ts';

const DEPARTMENT_LABELS = {
  create: 'departments.createBelow', edit: 'departments.edit', move: 'departments.move', delete: 'departments.delete',
} as const satisfies Record<keyof typeof DEPARTMENT_LETTERS, MessageKey>;

export function consoleKeys(t: Translate): KeyHint[] {
  const hint = (keys: string, action: MessageKey): KeyHint => ({ keys, meaning: t('keys.inMenu', { action: t(action) }) });
  const verbs = Object.entries(VERB_LETTERS).map(([verb, letter]) => hint(letter, `members.verb.${verb}` as MessageKey));
  const departments = Object.entries(DEPARTMENT_LABELS).map(([action, label]) => (
    hint(DEPARTMENT_LETTERS[action as keyof typeof DEPARTMENT_LETTERS], label)
  ));
  return [...verbs, ...departments];
}
