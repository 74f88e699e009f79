/** Departments or members changed, or the link is back: what is shown of them is asked for again. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { retryFailed } from '../ui/queries.ts';
import { useLive } from './context.ts';

export function useDirectoryChanges(): void {
  const version = useLive((state) => state.directoryVersion);
  const queries = useQueryClient();
  useEffect(() => {
    if (version !== '') void queries.invalidateQueries({ queryKey: ['directory'] });
  }, [version, queries]);
  const online = useLive((state) => state.link === 'online');
  useEffect(() => {
    if (online) retryFailed(queries);
  }, [online, queries]);
}
