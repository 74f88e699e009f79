/** Departments or members changed: what is shown of them is asked for again. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useLive } from './context.ts';

export function useDirectoryChanges(): void {
  const version = useLive((state) => state.directoryVersion);
  const queries = useQueryClient();
  useEffect(() => {
    if (version !== '') void queries.invalidateQueries({ queryKey: ['directory'] });
  }, [version, queries]);
}
