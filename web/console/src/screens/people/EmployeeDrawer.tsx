import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, newId, toProblem, type Employee, type EmployeeCreated, type EmployeeDay, type Point } from '@tashi/shared/api';
import { commonText, useFormat, useT } from '@tashi/shared/i18n';
import { Badge, Icon, SkeletonRows, toast } from '@tashi/shared/ui';
import { Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { useCan } from '../../app/session';
import { Confirm } from '../../kit/Confirm';
import { EntityDrawer } from '../../kit/EntityDrawer';
import { indented } from '../../kit/FilterBar';
import type { MenuItem } from '../../kit/MenuButton';
import { PointField } from '../../kit/PointField';
import { ProblemView } from '../../kit/ProblemView';
import { useCalendars, useDepartmentOptions, useOptions, usePolicies, useRoles } from '../../kit/refs';
import { Section } from '../../kit/Section';
import { SkillsField } from '../../kit/Skills';
import { startDownload } from '../../kit/jobs';
import { asItWas, toastChange } from '../../kit/undo';
import { useProblemFields } from '../../kit/useProblemFields';
import { ObjectLinks } from '../objects/ObjectLinks';
import { CustomInputs, useCustomAnswers } from '../custom/CustomInputs';
import { useCustomFields } from '../custom/useCustomFields';
import { DayFields } from './DayFields';
import { DutySection } from './DutySection';
import { EraseDialog } from './EraseDialog';
import { InitialPassword } from './InitialPassword';
import { peopleText } from './text';

const LOGIN_RULE = /^[A-Za-z0-9._@-]{3,64}$/;

interface Values {
  name: string;
  login?: string;
  phone?: string;
  post?: string;
  department_id: string;
  role_id: string;
  calendar_id?: string;
  policy_id?: string;
  start_at?: Point | null;
  skills?: string[];
  day?: Partial<EmployeeDay>;
}

export interface EmployeeDrawerProps {
  /** An employee's id, or `new`. */
  id: string;
  /** Department a new employee starts in. */
  department?: string;
  onClose(): void;
  /** After creation the drawer shows the new person. */
  onOpen(id: string): void;
}

/** One person: everything about the account in one form, and what follows from it. */
export function EmployeeDrawer({ id, department, onClose, onOpen }: EmployeeDrawerProps) {
  const t = useT(peopleText);
  const isNew = id === 'new';
  const employee = useQuery({
    queryKey: ['employees', 'one', id],
    queryFn: () => api.get<Employee>('/employees/{id}', { params: { id } }),
    enabled: !isNew,
  });
  const [password, setPassword] = useState<{ name: string; value: string; then?: () => void } | null>(null);

  if (!isNew && !employee.data) {
    return (
      <EntityDrawer title={t('title')} onClose={onClose}>
        {employee.error ? <div className="drawer-pad"><ProblemView error={employee.error} onRetry={() => employee.refetch()} /></div> : <SkeletonRows />}
      </EntityDrawer>
    );
  }
  return (
    <>
      <EmployeeForm
        // A newer version from the server starts the form afresh.
        key={employee.data?.version ?? 'new'}
        employee={employee.data ?? null}
        department={department}
        onClose={onClose}
        onCreated={({ employee: made, initial_password }) => {
          const go = () => onOpen(made.id);
          if (initial_password) setPassword({ name: made.name, value: initial_password, then: go });
          else go();
        }}
        onPassword={(name, value) => setPassword({ name, value })}
      />
      {password ? (
        <InitialPassword
          name={password.name}
          password={password.value}
          onClose={() => {
            setPassword(null);
            password.then?.();
          }}
        />
      ) : null}
    </>
  );
}

function EmployeeForm({ employee, department, onClose, onCreated, onPassword }: {
  employee: Employee | null;
  department?: string;
  onClose(): void;
  onCreated(created: EmployeeCreated): void;
  onPassword(name: string, password: string): void;
}) {
  const t = useT(peopleText);
  const common = useT(commonText);
  const format = useFormat();
  const client = useQueryClient();
  const canWrite = useCan('org.write');
  const canTrack = useCan('track.read');
  const canErase = useCan('company.write');
  const [form] = Form.useForm<Values>();
  const problem = useProblemFields(form);
  const [newEmployeeId] = useState(newId);
  const [dirty, setDirty] = useState(false);
  const own = useCustomAnswers(useCustomFields('employee'), employee?.custom ?? null);
  const [confirm, setConfirm] = useState<'leave' | 'password' | 'erase' | null>(null);
  const departments = useDepartmentOptions();
  const roles = useRoles();
  const roleOptions = useOptions(roles.data);
  const calendarOptions = useOptions(useCalendars().data);
  const policyOptions = useOptions(usePolicies().data);
  const gone = !!employee && employee.status !== 'active';
  const erased = employee?.status === 'erased';

  const refresh = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ['employees'] }),
      client.invalidateQueries({ queryKey: ['departments'] }),
    ]);

  const save = useMutation({
    mutationFn: async (values: Values) => {
      const body = {
        name: values.name.trim(),
        phone: values.phone?.trim() || null,
        post: values.post?.trim() || null,
        department_id: values.department_id,
        role_id: values.role_id,
        calendar_id: values.calendar_id ?? null,
        policy_id: values.policy_id ?? null,
        start_at: values.start_at ?? null,
        skills: values.skills ?? [],
        day: {
          travel: values.day?.travel ?? null, start: values.day?.start ?? null, end: values.day?.end ?? null,
          most_visits: values.day?.most_visits ?? null, most_km: values.day?.most_km ?? null,
        },
        custom: own.changed,
      };
      if (employee) {
        const login = values.login?.trim();
        const changed = await api.patch<Employee>('/employees/{id}', { ...body, login: login && login !== employee.login ? login : undefined }, { params: { id: employee.id }, version: employee.version });
        const was = asItWas(employee, { ...body, login: login || undefined }, { custom: Object.fromEntries(Object.keys(own.changed).map((key) => [key, employee.custom[key] ?? null])) });
        return { employee: changed, initial_password: null, was };
      }
      // A new person is sent without empty fields: absent means the company's default.
      const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
      return { ...(await api.post<EmployeeCreated>('/employees', { id: newEmployeeId, ...given, login: values.login?.trim() || undefined })), was: null };
    },
    onSuccess: async (answer) => {
      setDirty(false);
      problem.clear();
      if (employee) client.setQueryData(['employees', 'one', employee.id], answer.employee);
      await refresh();
      const { was, employee: saved } = answer;
      const back = was && { method: 'patch' as const, path: '/employees/{id}', params: { id: saved.id }, body: was, version: saved.version, lists: ['employees', 'departments'] };
      toastChange(t(employee ? 'changed' : 'created', { name: saved.name }), back);
      if (!employee) onCreated(answer);
    },
    onError: problem.show,
  });

  const download = async () => {
    if (!employee) return;
    const title = format.dots([t('everything'), employee.name]);
    const end = await startDownload({ title, path: '/employees/{id}/everything', options: { params: { id: employee.id } }, fallback: `tashi-person-${employee.id}.json` });
    if (end.state === 'failed') problem.show(end.problem);
  };
  const rights: MenuItem[] = employee && canErase
    ? [
        { key: 'everything', icon: 'download', label: t('everything'), divided: canWrite && !gone, run: () => void download() },
        ...(gone && !erased ? [{ key: 'erase', icon: 'trash', label: t('erase.verb'), danger: true, divided: true, run: () => setConfirm('erase') } satisfies MenuItem] : []),
      ]
    : [];
  const account: MenuItem[] = employee && canWrite && !gone
    ? [
        { key: 'password', icon: 'key', label: t('resetPassword'), run: () => setConfirm('password') },
        { key: 'leave', icon: 'logout', label: t('leave'), danger: true, divided: true, run: () => setConfirm('leave') },
      ]
    : [];
  const conflict = toProblem(problem.problem).code === 'version.conflict';

  return (
    <EntityDrawer
      title={employee ? employee.name : t('new')}
      subtitle={employee ? format.dots([employee.department.name, employee.post, employee.role.name]) : undefined}
      link={employee ? `/people?person=${employee.id}` : undefined}
      onClose={onClose}
      menu={[...account, ...rights]}
      dirty={dirty}
      foot={
        canWrite && !gone ? (
          <>
            <Button type="primary" loading={save.isPending} disabled={!!employee && !dirty} onClick={() => form.submit()}>
              {employee ? common('save') : t('new')}
            </Button>
            {dirty ? <span className="m3 s12">{common('unsaved')}</span> : null}
          </>
        ) : (
          <span className="note"><Icon name="lock" size={13} />{erased ? t('erased') : gone ? t('left') : t('noAccess')}</span>
        )
      }
    >
      {employee ? (
        <div className="person-links">
          {gone ? <Badge tone="silent" icon="bed">{erased ? t('erased') : t('left')}</Badge> : <Badge tone="visit" icon="check">{t('active')}</Badge>}
          {canTrack ? (
            <Link className="btn sm" to="/tracks" search={{ person: employee.id, day: format.today() }}><Icon name="track" size={14} />{t('seeTrack')}</Link>
          ) : null}
          <Link className="btn sm" to="/visits" search={{ person: employee.id }}><Icon name="visit" size={14} />{t('seeVisits')}</Link>
          <Link className="btn sm" to="/planning" search={{ person: employee.id }}><Icon name="plan" size={14} />{t('seePlan')}</Link>
        </div>
      ) : null}
      <Form<Values>
        form={form}
        layout="vertical"
        requiredMark={false}
        disabled={!canWrite || gone}
        className="drawer-pad"
        scrollToFirstError
        initialValues={
          employee
            ? {
                name: employee.name,
                login: employee.login ?? undefined,
                phone: employee.phone ?? undefined,
                post: employee.post ?? undefined,
                department_id: employee.department.id,
                role_id: employee.role.id,
                calendar_id: employee.calendar_id ?? undefined,
                policy_id: employee.policy_id ?? undefined,
                start_at: employee.start_at,
                skills: employee.skills,
                // Empty fields show what the company says.
                day: Object.fromEntries(Object.entries(employee.day).filter(([, value]) => value !== null)),
              }
            : { department_id: department }
        }
        onValuesChange={() => setDirty(true)}
        onFinish={(values) => { if (own.check()) save.mutate(values); }}
      >
        {problem.problem ? (
          <ProblemView
            error={problem.problem}
            compact
            onRetry={conflict && employee ? () => client.invalidateQueries({ queryKey: ['employees', 'one', employee.id] }) : undefined}
          />
        ) : null}
        <div className="form-2">
          <Form.Item name="name" label={t('name')} rules={[{ required: true, whitespace: true, message: t('needed') }]}>
            <Input maxLength={40} autoFocus={!employee} />
          </Form.Item>
          <Form.Item name="post" label={t('post')}>
            <Input maxLength={40} />
          </Form.Item>
          <Form.Item name="department_id" label={t('department')} rules={[{ required: true, message: t('needed') }]}>
            <Select options={departments} optionRender={indented} showSearch={{ optionFilterProp: 'label' }} />
          </Form.Item>
          <Form.Item name="role_id" label={t('role')} rules={[{ required: true, message: t('needed') }]}>
            <Select options={roleOptions} />
          </Form.Item>
          <Form.Item name="login" label={t('login')} extra={!employee ? t('loginHint') : employee.login ? t('loginChange') : t('loginNone')} rules={[{ pattern: LOGIN_RULE, message: t('loginRule') }, { required: !!employee?.login, message: t('needed') }]}>
            <Input disabled={!canWrite || gone} autoComplete="off" autoCapitalize="none" spellCheck={false} maxLength={64} />
          </Form.Item>
          <Form.Item name="phone" label={t('phone')} extra={employee ? undefined : t('passwordMode')}>
            <Input autoComplete="off" inputMode="tel" maxLength={20} />
          </Form.Item>
          <Form.Item name="calendar_id" label={t('calendar')}>
            <Select allowClear placeholder={t('inherit')} options={calendarOptions} />
          </Form.Item>
          <Form.Item name="policy_id" label={t('policy')}>
            <Select allowClear placeholder={t('inherit')} options={policyOptions} />
          </Form.Item>
        </div>
        <Form.Item name="skills" label={t('skills')} extra={t('skillsHint')}>
          <SkillsField label={t('skills')} placeholder={t('skillsNone')} disabled={!canWrite || gone} />
        </Form.Item>
        <DayFields />
        <Form.Item name="start_at" label={t('startAt')} extra={t('startAtHint')}>
          <PointField />
        </Form.Item>
        <CustomInputs own={own} disabled={!canWrite || gone} onTouched={() => setDirty(true)} />
        {employee && !gone && canWrite ? (
          <Section title={t('trackers')} detail={t('trackersDetail')}>
            <Link className="btn sm" to="/settings/$section" params={{ section: 'trackers' }} search={{ person: employee.id }}>
              <Icon name="scan" size={14} />{t('manageTrackers')}
            </Link>
          </Section>
        ) : null}
        <p className="note" style={{ marginTop: 16 }}><Icon name="eye" size={13} />{t('ledgerHint')}</p>
      </Form>
      {employee ? <div className="drawer-pad"><ObjectLinks to={employee.id} /></div> : null}
      {employee && !gone ? <DutySection person={employee.id} /> : null}
      {employee && confirm === 'erase' ? <EraseDialog employee={employee} onClose={() => setConfirm(null)} onDone={refresh} /> : null}
      {employee && confirm === 'leave' ? (
        <Confirm
          title={t('leaveTitle', { name: employee.name })}
          detail={t('leaveDetail')}
          verb={t('leave')}
          onClose={() => setConfirm(null)}
          run={async () => {
            await api.post('/employees/{id}/leave', {}, { params: { id: employee.id } });
            setDirty(false);
            await refresh();
            toast(t('leaveDone', { name: employee.name }));
          }}
        />
      ) : null}
      {employee && confirm === 'password' ? (
        <Confirm
          title={t('resetPassword')}
          detail={t('resetDetail', { name: employee.name })}
          verb={t('resetPassword')}
          onClose={() => setConfirm(null)}
          run={async () => {
            const answer = await api.post<{ initial_password: string }>('/employees/{id}/password', {}, { params: { id: employee.id } });
            onPassword(employee.name, answer.initial_password);
          }}
        />
      ) : null}
    </EntityDrawer>
  );
}
