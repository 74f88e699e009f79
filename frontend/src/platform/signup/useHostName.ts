/** Checks the wished host name while it is typed; the newest question wins. */
import { useEffect, useState } from 'react';
import { HostNameCheckDocument, type HostNameCheckQuery } from '../../gql/platform/platform.ts';
import { platformClient } from '../../session/client.ts';

const AFTER_MS = 350;
const SHAPE = /^[a-z0-9-]{3,32}$/;

export type HostNameAnswer = HostNameCheckQuery['hostNameCheck'];

export function useHostName(hostName: string): HostNameAnswer | null {
  const [answer, setAnswer] = useState<HostNameAnswer | null>(null);
  useEffect(() => {
    if (!SHAPE.test(hostName)) return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      platformClient.request(HostNameCheckDocument, { hostName }, abort.signal)
        .then(({ hostNameCheck }) => setAnswer(hostNameCheck))
        // The check is a courtesy; the form itself is checked when it is sent.
        .catch(() => undefined);
    }, AFTER_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [hostName]);
  return answer?.hostName === hostName ? answer : null;
}
