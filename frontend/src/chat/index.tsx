/** The chat area: starts the session of the remembered member, or leads to where one is made. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useMemo, useState, useSyncExternalStore, type ReactElement } from 'react';
import { Redirect } from 'wouter';
import { QUERY_OPTIONS } from '../ui/queries.ts';
import { ErrorState, Skeleton } from '../ui/States.tsx';
import { ChatBoot } from './boot.ts';
import { ChatShell } from './ChatShell.tsx';
import { ChatContext } from './context.ts';
import type { ChatFiles } from './files/chatFiles.ts';
import type { LiveSession } from './live/session.ts';
import { useTenantId } from '../session/tenants.ts';
import type { Viewer } from '../session/viewer.ts';

/** One company at a time: switching starts over, with that company's cache. */
export default function ChatArea(): ReactElement {
  return <CompanyChat key={useTenantId('member')} />;
}

function CompanyChat(): ReactElement {
  const [boot] = useState(() => new ChatBoot());
  const state = useSyncExternalStore(boot.subscribe, boot.snapshot);
  useEffect(() => boot.start(), [boot]);
  switch (state.step) {
    case 'starting':
      return <Skeleton />;
    case 'signed-out':
      return <Redirect to={`/signin${location.search}`} replace />;
    case 'must-change-password':
      return <Redirect to="/password?surface=member" replace />;
    case 'failed':
      return <ErrorState error={state.error} onRetry={boot.retry} />;
    case 'running':
      return <RunningChat live={state.session} files={state.files} viewer={state.viewer} />;
  }
}

interface RunningChatProps {
  live: LiveSession;
  files: ChatFiles;
  viewer: Viewer | null;
}

function RunningChat({ live, files, viewer }: RunningChatProps): ReactElement {
  const chat = useMemo(() => ({ live, files, viewer }), [live, files, viewer]);
  const [queries] = useState(() => new QueryClient({
    defaultOptions: { queries: { ...QUERY_OPTIONS, staleTime: 60_000 } },
  }));
  return (
    <QueryClientProvider client={queries}>
      <ChatContext.Provider value={chat}><ChatShell /></ChatContext.Provider>
    </QueryClientProvider>
  );
}
