import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { api, type Page, type Tracker, type TrackerCreated, type TrackerKind } from '@tashi/shared/api';
import { commonText, useFormat, useT } from '@tashi/shared/i18n';
import { Ago, Icon, SkeletonRows, StateText, toast } from '@tashi/shared/ui';
import { Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { useCan } from '../../app/session';
import { Confirm } from '../../kit/Confirm';
import { CopyLine } from '../../kit/CopyLine';
import { FilterSelect } from '../../kit/FilterBar';
import { Modal } from '../../kit/Modal';
import { ProblemView } from '../../kit/ProblemView';
import { QrImage } from '../../kit/QrImage';
import { useActiveEmployees, useOptions } from '../../kit/refs';
import { useProblemFields } from '../../kit/useProblemFields';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { PanelHead } from './PanelHead';
import type { SettingsSearch } from './search';
import { settingsText } from './text';

const APPS: { value: TrackerKind; label: string }[] = [
  { value: 'traccar', label: 'Traccar Client' },
  { value: 'owntracks', label: 'OwnTracks' },
  { value: 'overland', label: 'Overland' },
  { value: 'gpslogger', label: 'GPSLogger' },
];

/** Trackers: unmodified apps that send positions with the screen off, set up by one code. */
export function TrackersPanel() {
  const t = useT(settingsText);
  const format = useFormat();
  const canWrite = useCan('org.write');
  const search = useSearch({ from: '/shell/settings' });
  const patch = useSearchPatch<SettingsSearch>();
  const employees = useOptions(useActiveEmployees().data);
  const trackers = useQuery({
    queryKey: ['trackers', search.person ?? null],
    queryFn: async () => (await api.get<Page<Tracker>>('/trackers', { query: { employee_id: search.person, limit: 500 } })).items,
  });
  const [adding, setAdding] = useState(false);
  const [created, setCreated] = useState<TrackerCreated | null>(null);
  const [revoking, setRevoking] = useState<Tracker | null>(null);
  const client = useQueryClient();
  const appName = (kind: TrackerKind) => APPS.find((one) => one.value === kind)?.label ?? t('tracker.other');

  return (
    <div className="panel-page wide">
      <PanelHead
        title={t('trackers')}
        intro={t('tracker.intro')}
        action={
          canWrite ? (
            <button type="button" className="btn pri" onClick={() => setAdding(true)}><Icon name="plus" />{t('tracker.new')}</button>
          ) : undefined
        }
      />
      <div>
        <FilterSelect label={t('tracker.person')} value={search.person} options={employees} onChange={(person) => patch({ person })} width={200} />
      </div>
      {trackers.error ? <ProblemView error={trackers.error} onRetry={() => trackers.refetch()} /> : null}
      {trackers.isPending ? <SkeletonRows rows={4} /> : null}
      {trackers.data?.length === 0 ? (
        <div className="panel-card">
          <h3>{t('tracker.empty')}</h3>
          <p className="m2">{t('tracker.emptyDetail')}</p>
        </div>
      ) : null}
      {trackers.data?.length ? (
        <div className="panel-card flush">
          <table className="tbl">
            <thead>
              <tr>
                <th style={{ paddingLeft: 16 }}>{t('tracker.person')}</th>
                <th>{t('tracker.device')}</th>
                <th>{t('tracker.kind')}</th>
                <th>{t('tracker.state')}</th>
                <th>{t('tracker.lastSeen')}</th>
                <th>{t('tracker.created')}</th>
                <th style={{ width: 90 }} />
              </tr>
            </thead>
            <tbody>
              {trackers.data.map((one) => (
                <tr key={one.id}>
                  <td style={{ paddingLeft: 16 }}><b>{one.employee.name}</b></td>
                  <td className="m2">{one.name}</td>
                  <td className="m2">{appName(one.kind)}</td>
                  <td>
                    {one.revoked ? <StateText tone="silent" icon="xCircle">{t('tracker.revoked')}</StateText>
                      : one.last_seen_at ? <StateText tone="visit" icon="okCircle">{t('tracker.active')}</StateText>
                      : <StateText tone="idle" icon="clock">{t('tracker.waiting')}</StateText>}
                  </td>
                  <td>{one.last_seen_at ? <Ago at={one.last_seen_at} /> : <span className="m3">{t('tracker.never')}</span>}</td>
                  <td className="m3">{format.dateTime(one.created_at)}</td>
                  <td>
                    {canWrite && !one.revoked ? <button type="button" className="btn sm danger" onClick={() => setRevoking(one)}>{t('tracker.revoke')}</button> : null}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
      {adding ? (
        <TrackerForm
          employee={search.person}
          employees={employees}
          onClose={() => setAdding(false)}
          onCreated={(made) => {
            setAdding(false);
            setCreated(made);
          }}
        />
      ) : null}
      {created ? <TrackerOnce tracker={created} onClose={() => setCreated(null)} /> : null}
      {revoking ? (
        <Confirm
          title={t('tracker.revokeTitle', { person: revoking.employee.name, name: revoking.name })}
          detail={t('tracker.revokeDetail')}
          verb={t('tracker.revoke')}
          onClose={() => setRevoking(null)}
          run={async () => {
            await api.post('/trackers/{id}/revoke', {}, { params: { id: revoking.id } });
            await client.invalidateQueries({ queryKey: ['trackers'] });
            toast(t('tracker.revokeDone', { name: revoking.name }));
          }}
        />
      ) : null}
    </div>
  );
}

interface Values {
  employee_id: string;
  name: string;
  kind: TrackerKind;
}

function TrackerForm({ employee, employees, onClose, onCreated }: {
  employee: string | undefined;
  employees: { value: string; label: string }[];
  onClose(): void;
  onCreated(made: TrackerCreated): void;
}) {
  const t = useT(settingsText);
  const common = useT(commonText);
  const client = useQueryClient();
  const [form] = Form.useForm<Values>();
  const problem = useProblemFields(form);
  const create = useMutation({
    mutationFn: (values: Values) => api.post<TrackerCreated>('/trackers', { ...values, name: values.name.trim() }),
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: ['trackers'] });
      onCreated(made);
    },
    onError: problem.show,
  });
  return (
    <Modal title={t('tracker.new')} onClose={onClose} width={440}>
      <Form<Values>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ employee_id: employee, kind: 'traccar' }}
        onFinish={(values) => create.mutate(values)}
      >
        <Form.Item name="employee_id" label={t('tracker.person')} rules={[{ required: true, message: t('needed') }]}>
          <Select options={employees} showSearch={{ optionFilterProp: 'label' }} />
        </Form.Item>
        <Form.Item name="kind" label={t('tracker.kind')}>
          <Select options={[...APPS, { value: 'other', label: t('tracker.other') }]} />
        </Form.Item>
        <Form.Item name="name" label={t('tracker.device')} extra={t('tracker.deviceHint')} rules={[{ required: true, whitespace: true, message: t('needed') }]}>
          <Input maxLength={40} />
        </Form.Item>
        {problem.problem ? <ProblemView error={problem.problem} compact /> : null}
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button type="primary" htmlType="submit" loading={create.isPending}>{t('tracker.new')}</Button>
        </div>
      </Form>
    </Modal>
  );
}

/** Code, address and identifier of a new tracker; the server keeps only a hash, so this is the one chance to see them. */
function TrackerOnce({ tracker, onClose }: { tracker: TrackerCreated; onClose(): void }) {
  const t = useT(settingsText);
  return (
    <Modal
      title={t('tracker.onceTitle', { person: tracker.employee.name })}
      width={620}
      onClose={onClose}
      foot={<button type="button" className="btn pri" onClick={onClose}>{t('tracker.done')}</button>}
    >
      <div className="col" style={{ gap: 14 }}>
        <p className="row g6"><Icon name="warn" className="fg-late" /><b>{t('tracker.once')}</b></p>
        <div className="qr-row">
          {tracker.setup.map((one) => (
            <div key={one.kind} className="qr">
              <QrImage svg={one.qr_svg} label={t('tracker.qr', { app: one.title })} />
              <span>{t('tracker.scan', { app: one.title })}</span>
            </div>
          ))}
        </div>
        <CopyLine label={t('tracker.url')} value={tracker.url} />
        <CopyLine label={t('tracker.secret')} value={tracker.secret} />
      </div>
    </Modal>
  );
}
