import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type BoardStop, type BoardTask, type Task } from '@tashi/shared/api';
import { commonText, useFormat, useT } from '@tashi/shared/i18n';
import { Icon, toast } from '@tashi/shared/ui';
import { useState } from 'react';
import { Modal } from '../../kit/Modal';
import { ProblemView } from '../../kit/ProblemView';
import { TimeInput } from '../../kit/TimeInput';
import { boardText } from './text';

const QUARTER = 15;

/** The window as the draft would keep it: wide enough for the moment the visit would begin. */
export function fitting(task: BoardTask, stop: BoardStop | undefined) {
  const begin = stop?.begin_s === null || stop?.begin_s === undefined ? null : Math.floor(stop.begin_s / 60);
  if (begin === null) return task.window;
  const from = Math.min(task.window.from_minute, Math.floor(begin / QUARTER) * QUARTER);
  return { from_minute: from, to_minute: Math.min(1440, Math.max(task.window.to_minute, Math.ceil((begin + 1) / QUARTER) * QUARTER)) };
}

/** Changes the hours of a visit to what would fit, with what was promised beside it. It holds at once: it is agreed with a customer. */
export function WindowDialog({ task, stop, onClose }: { task: BoardTask; stop: BoardStop | undefined; onClose(): void }) {
  const t = useT(boardText);
  const common = useT(commonText);
  const format = useFormat();
  const client = useQueryClient();
  const [window, setWindow] = useState(() => fitting(task, stop));
  const save = useMutation({
    mutationFn: () => api.put<Task>('/tasks/{id}/window', { window, was: task.window }, { params: { id: task.id } }),
    onSuccess: async () => {
      await Promise.all([['board'], ['tasks'], ['plans']].map((queryKey) => client.invalidateQueries({ queryKey })));
      toast(t('windowSaved', { customer: task.customer.name, window: format.window(window) }));
      onClose();
    },
  });
  const at = (second: number | null | undefined) => (second === null || second === undefined ? '–' : format.minuteOfDay(Math.floor(second / 60)));
  const sound = window.from_minute < window.to_minute;
  const promise = task.promised_s === null ? null : Math.floor(task.promised_s / 60);
  const broken = promise !== null && (promise < window.from_minute || promise > window.to_minute);
  return (
    <Modal
      title={t('windowTitle', { customer: task.customer.name })}
      width={440}
      onClose={onClose}
      foot={
        <>
          <button type="button" className="btn" onClick={onClose}>{common('back')}</button>
          <button type="button" className="btn pri" disabled={!sound || save.isPending} onClick={() => save.mutate()}>{t('windowSave')}</button>
        </>
      }
    >
      <dl className="bwindow">
        <dt>{t('windowWas')}</dt><dd>{format.window(task.window)}</dd>
        <dt>{t('windowBegins')}</dt><dd>{at(stop?.begin_s)}</dd>
        {promise === null ? null : <><dt className="row g4"><Icon name="lock" size={13} />{t('windowPromised')}</dt><dd className={broken ? 'fg-problem' : undefined}><b>{at(task.promised_s)}</b>{broken ? ` · ${t('windowBroken')}` : ''}</dd></>}
        <dt>{t('windowNew')}</dt>
        <dd className="row g6">
          <TimeInput label={t('windowFrom')} value={window.from_minute} onChange={(from_minute) => setWindow({ ...window, from_minute })} />
          <span aria-hidden="true">–</span>
          <TimeInput label={t('windowTo')} value={window.to_minute} onChange={(to_minute) => setWindow({ ...window, to_minute })} />
        </dd>
      </dl>
      <p className="m3 s12">{t('windowNote')}</p>
      {save.error ? <ProblemView error={save.error} compact /> : null}
    </Modal>
  );
}
