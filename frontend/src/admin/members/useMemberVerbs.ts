/** The verbs of a member's row, and what is said afterwards. */
import { App } from 'antd';
import {
  MemberAuthorizeDocument, MemberPasswordResetDocument, MemberStateSetDocument, MemberUnauthorizeDocument,
  MemberUnlockDocument, type MemberState,
} from '../../gql/tenant/console.ts';
import { useWords } from '../../i18n/react.ts';
import { reasonText, useVerb } from '../../ui/desk/requests.ts';
import { consoleClient } from '../data.ts';
import type { MemberRecord } from './MembersPage.tsx';
import type { Slip } from './SlipModal.tsx';

/** The letter of each verb in the menu of a row. */
export const VERB_LETTERS = {
  unlock: 'U', reset: 'P', authorize: 'G', unauthorize: 'C', disable: 'D', resign: 'R', reinstate: 'A',
} as const;

export type MemberVerb = keyof typeof VERB_LETTERS;

const REFRESHES = ['members', 'company', 'departments'];
const STATES: Partial<Record<MemberVerb, MemberState>> = {
  disable: 'DISABLED', resign: 'RESIGNED', reinstate: 'ACTIVE',
};

export function useMemberVerbs(
  record: MemberRecord, onSlip: (slip: Slip) => void,
): (verb: MemberVerb) => Promise<void> {
  const { t } = useWords();
  const { message } = App.useApp();
  const client = consoleClient;
  const reset = useVerb({
    client, document: MemberPasswordResetDocument, refreshes: REFRESHES,
    payload: ({ memberPasswordReset }) => memberPasswordReset,
  });
  const unlock = useVerb({
    client, document: MemberUnlockDocument, refreshes: REFRESHES, payload: ({ memberUnlock }) => memberUnlock,
  });
  const authorize = useVerb({
    client, document: MemberAuthorizeDocument, refreshes: REFRESHES, payload: ({ memberAuthorize }) => memberAuthorize,
  });
  const unauthorize = useVerb({
    client, document: MemberUnauthorizeDocument, refreshes: REFRESHES,
    payload: ({ memberUnauthorize }) => memberUnauthorize,
  });
  const setState = useVerb({
    client, document: MemberStateSetDocument, refreshes: REFRESHES, payload: ({ memberStateSet }) => memberStateSet,
  });
  const { id, email, member: { name } } = record;
  const resetPassword = async (): Promise<void> => {
    const { slip, mailed } = await reset.mutateAsync({ input: { id, slip: email === null } });
    if (slip) onSlip({ ...slip, name });
    if (mailed) void message.success(t('members.linkMailed', { name }));
  };
  return async (verb) => {
    try {
      const state = STATES[verb];
      if (verb === 'reset') return await resetPassword();
      if (verb === 'unlock') await unlock.mutateAsync({ input: { id } });
      if (verb === 'authorize') await authorize.mutateAsync({ input: { id } });
      if (verb === 'unauthorize') await unauthorize.mutateAsync({ input: { id } });
      if (state) await setState.mutateAsync({ input: { id, state } });
      void message.success(t('desk.saved'));
    } catch (error) {
      void message.error(reasonText(t, error));
    }
  };
}
