/** The address of a file for as long as something shows it. */
import { useCallback, useEffect, useState } from 'react';
import type { FileVariant } from '../../gql/tenant/files.ts';
import { failureCode, type FailureCode } from '../../gql/client.ts';
import type { GrantKind } from '../../files/grants/grants.ts';
import { useChat } from '../context.ts';

/** An address that is refused twice in a row is not asked for again. */
const TRIES_MAX = 2;

export interface FileUrl {
  url: string | null;
  /** Why there is none. */
  failure: FailureCode | null;
  /** It was refused where it was used, e.g. because it expired. */
  renew: () => void;
}

interface Asked {
  fileId: string | null;
  variant: FileVariant;
  tries: number;
  url: string | null;
  failure: FailureCode | null;
}

/** Null asks for nothing. A picture that was sent from here needs no request. */
export function useFileUrl(fileId: string | null, variant: FileVariant): FileUrl {
  const { files } = useChat();
  const own = fileId !== null && variant === 'THUMBNAIL' ? files.ownPicture(fileId) : null;
  const [asked, setAsked] = useState<Asked>({ fileId, variant, tries: 0, url: null, failure: null });
  const same = asked.fileId === fileId && asked.variant === variant;
  const tries = same ? asked.tries : 0;
  useEffect(() => {
    if (fileId === null || own !== null) return;
    let left = false;
    const kind: GrantKind = { variant, disposition: 'INLINE' };
    const settle = (url: string | null, failure: FailureCode | null): void => {
      if (!left) setAsked({ fileId, variant, tries, url, failure });
    };
    files.grants.get(fileId, kind).then((url) => settle(url, null), (error: unknown) => settle(null, failureCode(error)));
    return () => {
      left = true;
    };
  }, [files, fileId, variant, own, tries]);
  const renew = useCallback(() => {
    if (fileId === null || own !== null) return;
    files.grants.forget(fileId, { variant, disposition: 'INLINE' });
    setAsked((before) => (
      before.tries + 1 >= TRIES_MAX
        ? { ...before, url: null, failure: 'NOT_FOUND' }
        : { fileId, variant, tries: before.tries + 1, url: null, failure: null }
    ));
  }, [files, fileId, variant, own]);
  if (own !== null) return { url: own, failure: null, renew };
  const known = fileId === null ? null : files.grants.peek(fileId, { variant, disposition: 'INLINE' });
  return { url: same ? (asked.url ?? (asked.failure ? null : known)) : known, failure: same ? asked.failure : null, renew };
}
