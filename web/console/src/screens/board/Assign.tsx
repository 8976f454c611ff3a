import type { BoardPerson, BoardTask, Day, Id } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Avatar, SkeletonRows } from '@tashi/shared/ui';
import { Modal } from '../../kit/Modal';
import { ProblemView } from '../../kit/ProblemView';
import type { Draft } from './draft';
import { boardText } from './text';
import { usePlaces } from './useBoard';

/** Who takes it: everybody with the place in his day that costs least, the best first. */
export function Assign({ task, day, draft, people, onClose, onPlace }: {
  task: BoardTask;
  day: Day;
  draft: Draft;
  people: readonly BoardPerson[];
  onClose(): void;
  onPlace(person: Id, position: number): void;
}) {
  const t = useT(boardText);
  const format = useFormat();
  const places = usePlaces(day, draft, task.id);
  return (
    <Modal title={t('assign', { customer: task.customer.name })} onClose={onClose} width={520}>
      <p className="m3 bassign-hint">{t('assignHint')}</p>
      {places.isPending ? <SkeletonRows rows={5} height={48} /> : null}
      {places.error ? <ProblemView error={places.error} onRetry={() => void places.refetch()} /> : null}
      <ul className="bassign">
        {places.data?.map((one, k) => {
          const person = people.find((other) => other.id === one.employee_id);
          if (!person) return null;
          const time = one.begin_s === null ? '–' : format.minuteOfDay(Math.floor(one.begin_s / 60));
          const empty = !draft.rows[person.id]?.length;
          return (
            <li key={person.id}>
              <button type="button" className="bassign-one" data-autofocus={k === 0 || undefined} onClick={() => onPlace(person.id, one.position)}>
                <Avatar name={person.name} size="sm" />
                <span className="bwho-words"><b className="clip">{person.name}</b><span className="m3">{format.dots([person.off ? t(person.off) : null, empty ? t('assignNew', { time }) : t('assignBest', { position: one.position + 1, time })])}</span></span>
                <span className="end row g6">
                  {one.violations ? <span className="tag bbad">{t('breaks', { count: one.violations })}</span> : null}
                  <span className="tabular">{t(one.meters < 0 ? 'saves' : 'extra', { km: format.km(Math.abs(one.meters)) })}</span>
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </Modal>
  );
}
