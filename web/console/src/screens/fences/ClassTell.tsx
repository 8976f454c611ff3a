import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, type FenceTell, type Id } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { toast } from '@tashi/shared/ui';
import { useCan } from '../../app/session';
import { ProblemView } from '../../kit/ProblemView';
import { useCustomerClasses } from '../../kit/refs';
import { NO_TELL } from './draft';
import { TellTable } from './FenceForm';
import { fencesText } from './text';

/** Who is told of what at all customers of a class: the circles nobody had to draw. */
export function ClassTell() {
  const t = useT(fencesText);
  const client = useQueryClient();
  const canWrite = useCan('org.write');
  const classes = useCustomerClasses();
  const rules = useQuery({
    queryKey: ['fence-classes'],
    queryFn: async () => (await api.get<{ items: { class_id: Id; tell: FenceTell }[] }>('/fence-classes')).items,
  });
  const save = useMutation({
    mutationFn: ({ id, tell }: { id: Id; name: string; tell: FenceTell }) => api.put('/fence-classes/{id}', tell, { params: { id } }),
    onSuccess: async (_, { name }) => {
      await client.invalidateQueries({ queryKey: ['fence-classes'] });
      toast(t('classSaved', { name }));
    },
  });
  if (!rules.data) return null;
  return (
    <>
      <div className="hd"><h2>{t('classTell')}</h2></div>
      <p className="m3 s12">{t('classTellIntro')}</p>
      {save.error ? <ProblemView error={save.error} compact /> : null}
      {(classes.data ?? []).map((one) => (
        <details key={one.id} className="fences-class">
          <summary>{one.name}<span className="m3"> · {one.radius_m} m · {t('classDwell', { minutes: Math.round(one.min_stay_s / 60) })}</span></summary>
          <TellTable
            value={{ ...NO_TELL, ...rules.data.find((rule) => rule.class_id === one.id)?.tell }}
            disabled={!canWrite || save.isPending}
            onChange={(tell) => save.mutate({ id: one.id, name: one.name, tell })}
          />
        </details>
      ))}
    </>
  );
}
