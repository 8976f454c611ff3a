import { api, toProblem, type ImportKind, type ImportResult } from '@tashi/shared/api';
import { queryClient } from '../../app/queryClient';
import { keptKind } from '../../kit/jobs';
import { passes, patience } from '../../kit/patience';

/** Where the counts of a written import lie until they are shown. */
export const countsKey = (id: string | undefined) => ['import-counts', id];

function pageOf(kind: ImportKind): string {
  if (kind === 'customers') return '/customers';
  if (kind === 'employees') return '/people';
  return kind === 'equipment' || kind === 'meter-readings' ? '/orders/equipment' : `/business/${kind.slice('object:'.length)}`;
}

/**
 * Has the server write an import: all of it or nothing, whether the page stays or not. A lost network is waited for. Asked
 * again, then or after the page was loaded anew, it is answered that it was written.
 */
export const commitImport = keptKind<{ id: string; kind: ImportKind; skipErrors: boolean; skipDuplicates: boolean }>('import', ({ id, kind, skipErrors, skipDuplicates }) => ({
  stoppable: false,
  async run({ signal }) {
    for (let tries = 0; ; tries += 1) {
      signal.throwIfAborted();
      try {
        const counts = await api.post<ImportResult>('/imports/{id}/commit', { skip_errors: skipErrors, skip_duplicates: skipDuplicates }, { params: { id } });
        // Before the preview is asked again: it would say "written" without the counts.
        queryClient.setQueryData(countsKey(id), counts);
        break;
      } catch (error) {
        const problem = toProblem(error);
        if (problem.code === 'import.committed') break;
        if (!passes(problem)) throw error;
      }
      await patience(tries, signal);
    }
    const lists = ['imports', 'departments', kind.startsWith('object:') ? 'objects' : kind, ...(kind === 'meter-readings' ? ['meters', 'maintenance'] : [])];
    await Promise.all(lists.map((list) => queryClient.invalidateQueries({ queryKey: [list] })));
    return { href: pageOf(kind) };
  },
}));
