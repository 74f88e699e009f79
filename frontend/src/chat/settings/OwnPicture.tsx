/** One's own picture (DIR-56). */
import { useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { PictureChange } from '../../files/crop/PictureChange.tsx';
import { GraphqlFailure } from '../../gql/client.ts';
import { MemberAvatarSetDocument } from '../../gql/tenant/chat.ts';
import { failureText, useWords } from '../../i18n/react.ts';
import { useChat } from '../context.ts';

const LABELS = { title: 'crop.title.person', change: 'settings.picture', remove: 'settings.pictureRemove' } as const;

export function OwnPicture({ hasPicture }: { hasPicture: boolean }): ReactElement {
  const { t } = useWords();
  const { files, live } = useChat();
  const queries = useQueryClient();
  const save: Parameters<typeof PictureChange>[0]['save'] = async (picture) => {
    const input = picture ?? { fileId: null, crop: null };
    const { problem } = (await live.client.request(MemberAvatarSetDocument, { input })).memberAvatarSet;
    if (problem) throw new GraphqlFailure(problem.code, problem.message);
    await queries.invalidateQueries({ queryKey: ['directory'] });
  };
  return (
    <PictureChange
      purpose="AVATAR" uploads={files.uploads} hasPicture={hasPicture} labels={LABELS} save={save}
      reason={(error) => failureText(t, error)}
    />
  );
}
