/** Fetching a file onto the reader's machine; a folder comes as one zip. */
import { useState } from 'react';
import { failureCode, type FailureCode } from '../../gql/client.ts';
import type { StoredFile } from '../../files/upload/types.ts';
import { useChat } from '../context.ts';

interface Download {
  busy: boolean;
  failure: FailureCode | null;
  start: () => void;
}

export function useDownload({ id, kind }: Pick<StoredFile, 'id' | 'kind'>): Download {
  const { files } = useChat();
  const [state, setState] = useState<{ busy: boolean; failure: FailureCode | null }>({ busy: false, failure: null });
  const start = (): void => {
    if (state.busy) return;
    setState({ busy: true, failure: null });
    const variant = kind === 'FOLDER' ? 'ZIP' : 'ORIGINAL';
    files.grants.get(id, { variant, disposition: 'ATTACHMENT' }).then((url) => {
      const link = document.createElement('a');
      link.href = url;
      link.download = '';
      link.click();
      setState({ busy: false, failure: null });
    }, (error: unknown) => setState({ busy: false, failure: failureCode(error) }));
  };
  return { ...state, start };
}
