import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useT } from '@tashi/shared/i18n';
import { toast } from '@tashi/shared/ui';
import { attendanceText } from './text';

/** Stores something of attendance, then everything of it is read anew. */
export function useSave<T>(run: (value: T) => Promise<unknown>, onDone: () => void) {
  const t = useT(attendanceText);
  const client = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['attendance'] });
      toast(t('saved'));
      onDone();
    },
  });
}
