import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';

/** Changes some search parameters of the page on the screen; `undefined` removes one. The path stays. */
export function useSearchPatch<S extends object>(): (patch: Partial<S>, options?: { replace?: boolean }) => void {
  const navigate = useNavigate();
  return useCallback(
    (patch, options) => {
      void navigate({
        to: '.',
        search: ((old: Record<string, unknown>) => ({ ...old, ...patch })) as never,
        replace: options?.replace ?? false,
      });
    },
    [navigate],
  );
}
