/**
 * Paging and filters in the address. Cursors only go forward, so the address keeps the way back:
 * one `at` for every page behind the first.
 */
import { useCallback } from 'react';
import { useSearchParams } from 'wouter';

export const PAGE_SIZES = [10, 20, 50] as const;

export interface PagedAddress {
  after: string | null;
  /** Pages before this one. */
  before: number;
  size: number;
  next: (cursor: string) => void;
  previous: () => void;
  resize: (size: number) => void;
  filter: (name: string) => string | null;
  /** Sets or removes filters; starts at the first page. */
  setFilters: (filters: Record<string, string | null>) => void;
}

export function usePagedAddress(sizeDefault = 10): PagedAddress {
  const [search, setSearch] = useSearchParams();
  const cursors = search.getAll('at');
  const asked = Number(search.get('size'));
  const size = PAGE_SIZES.find((one) => one === asked) ?? sizeDefault;
  const setFilters = useCallback((filters: Record<string, string | null>) => {
    setSearch((before) => {
      const params = new URLSearchParams(before);
      params.delete('at');
      for (const [name, value] of Object.entries(filters)) {
        if (value) params.set(name, value);
        else params.delete(name);
      }
      return params;
    }, { replace: true });
  }, [setSearch]);
  const change = (apply: (params: URLSearchParams) => void): void => {
    setSearch((before) => {
      const params = new URLSearchParams(before);
      apply(params);
      return params;
    });
  };
  return {
    after: cursors[cursors.length - 1] ?? null,
    before: cursors.length,
    size,
    next: (cursor) => change((params) => params.append('at', cursor)),
    previous: () => change((params) => {
      params.delete('at');
      for (const cursor of cursors.slice(0, -1)) params.append('at', cursor);
    }),
    resize: (next) => setFilters({ size: String(next) }),
    filter: (name) => search.get(name),
    setFilters,
  };
}
