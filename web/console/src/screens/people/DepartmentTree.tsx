import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, newId, type Department } from '@tashi/shared/api';
import { commonText, useFormat, useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows, toast } from '@tashi/shared/ui';
import { Button, Form, Input, Select } from 'antd';
import { useMemo, useState } from 'react';
import { Confirm } from '../../kit/Confirm';
import { indented } from '../../kit/FilterBar';
import { MenuButton } from '../../kit/MenuButton';
import { Modal } from '../../kit/Modal';
import { ProblemView } from '../../kit/ProblemView';
import { departmentTree, flattenTree, useActiveEmployees, useDepartments, useOptions } from '../../kit/refs';
import { useProblemFields } from '../../kit/useProblemFields';
import { peopleText } from './text';

type Open = { kind: 'form'; department: Department | null; parent: string | null } | { kind: 'delete'; department: Department } | null;

/** The departments with their head counts; choosing one filters the list beside it. */
export function DepartmentTree({ chosen, onChoose, canWrite }: {
  chosen: string | undefined;
  onChoose(id: string | undefined): void;
  canWrite: boolean;
}) {
  const t = useT(peopleText);
  const format = useFormat();
  const departments = useDepartments();
  const [open, setOpen] = useState<Open>(null);
  const lines = useMemo(() => flattenTree(departmentTree(departments.data ?? [])), [departments.data]);

  return (
    <aside className="dept" aria-label={t('departments')}>
      <header className="row">
        <h2 className="s12 m3">{t('departments')}</h2>
        {canWrite ? (
          <button
            type="button"
            className="icb small end"
            aria-label={t('addDepartment')}
            title={t('addDepartment')}
            onClick={() => setOpen({ kind: 'form', department: null, parent: chosen ?? null })}
          >
            <Icon name="plus" size={15} />
          </button>
        ) : null}
      </header>
      {departments.error ? <ProblemView error={departments.error} onRetry={() => departments.refetch()} compact /> : null}
      {departments.isPending && departments.fetchStatus === 'fetching' ? <SkeletonRows rows={4} height={32} /> : null}
      <ul>
        <li className={chosen ? '' : 'on'}>
          <button type="button" aria-current={chosen ? undefined : true} onClick={() => onChoose(undefined)}>
            <Icon name="building" size={15} />
            <span className="clip">{t('allDepartments')}</span>
          </button>
        </li>
        {lines.map(({ department, depth }) => (
          <li key={department.id} className={department.id === chosen ? 'on' : ''}>
            <button
              type="button"
              aria-current={department.id === chosen || undefined}
              style={{ paddingLeft: 10 + depth * 16 }}
              title={department.name}
              onClick={() => onChoose(department.id)}
            >
              <span className="clip">{department.name}</span>
              <span className="end m3">{format.number(department.employee_count)}</span>
            </button>
            {canWrite ? (
              <MenuButton
                label={department.name}
                className="icb tiny"
                items={[
                  { key: 'edit', icon: 'edit', label: t('renameDepartment'), run: () => setOpen({ kind: 'form', department, parent: department.parent_id }) },
                  { key: 'add', icon: 'plus', label: t('addDepartment'), run: () => setOpen({ kind: 'form', department: null, parent: department.id }) },
                  { key: 'delete', icon: 'trash', label: t('deleteDepartment'), danger: true, divided: true, run: () => setOpen({ kind: 'delete', department }) },
                ]}
              >
                <Icon name="more" size={14} />
              </MenuButton>
            ) : null}
          </li>
        ))}
      </ul>
      {departments.data?.length === 0 ? <p className="m3 s12" style={{ padding: '4px 10px' }}>{t('departmentEmpty')}</p> : null}
      {open?.kind === 'form' ? (
        <DepartmentForm department={open.department} parent={open.parent} all={departments.data ?? []} onClose={() => setOpen(null)} />
      ) : null}
      {open?.kind === 'delete' ? (
        <DeleteDepartment department={open.department} onClose={() => setOpen(null)} onDeleted={() => open.department.id === chosen && onChoose(undefined)} />
      ) : null}
    </aside>
  );
}

interface Values {
  name: string;
  parent_id: string | null;
  manager_ids: string[];
}

function DepartmentForm({ department, parent, all, onClose }: {
  department: Department | null;
  parent: string | null;
  all: readonly Department[];
  onClose(): void;
}) {
  const t = useT(peopleText);
  const client = useQueryClient();
  const [form] = Form.useForm<Values>();
  const problem = useProblemFields(form);
  const employees = useActiveEmployees();
  const managerOptions = useOptions(employees.data);
  const [id] = useState(() => department?.id ?? newId());

  // A department cannot hang below itself or one of its own.
  const parents = useMemo(() => {
    const below = new Set<string>();
    const collect = (root: string) => {
      below.add(root);
      for (const one of all) if (one.parent_id === root && !below.has(one.id)) collect(one.id);
    };
    if (department) collect(department.id);
    return flattenTree(departmentTree(all.filter((one) => !below.has(one.id)))).map((node) => ({
      value: node.department.id,
      label: node.department.name,
      depth: node.depth,
    }));
  }, [all, department]);

  const save = useMutation({
    mutationFn: (values: Values) => {
      const body = { name: values.name.trim(), parent_id: values.parent_id ?? null, manager_ids: values.manager_ids ?? [] };
      return department
        ? api.patch('/departments/{id}', body, { params: { id }, version: department.version })
        : api.post('/departments', { id, ...body });
    },
    onSuccess: async (_, values) => {
      await client.invalidateQueries({ queryKey: ['departments'] });
      toast(t('departmentSaved', { name: values.name }));
      onClose();
    },
    onError: problem.show,
  });

  return (
    <Modal title={department ? t('renameDepartment') : t('addDepartment')} onClose={onClose} width={440}>
      <Form<Values>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ name: department?.name, parent_id: parent ?? undefined, manager_ids: department?.manager_ids ?? [] }}
        onFinish={(values) => save.mutate(values)}
      >
        <Form.Item name="name" label={t('departmentName')} rules={[{ required: true, whitespace: true, message: t('needed') }]}>
          <Input maxLength={60} autoFocus />
        </Form.Item>
        <Form.Item name="parent_id" label={t('departmentParent')}>
          <Select allowClear placeholder={t('departmentTop')} options={parents} optionRender={indented} showSearch={{ optionFilterProp: 'label' }} />
        </Form.Item>
        <Form.Item name="manager_ids" label={t('departmentManagers')} extra={t('departmentManagersHint')}>
          <Select mode="multiple" options={managerOptions} showSearch={{ optionFilterProp: 'label' }} />
        </Form.Item>
        {problem.problem ? <ProblemView error={problem.problem} compact /> : null}
        <SaveRow busy={save.isPending} onCancel={onClose} />
      </Form>
    </Modal>
  );
}

function SaveRow({ busy, onCancel }: { busy: boolean; onCancel(): void }) {
  const t = useT(commonText);
  return (
    <div className="row" style={{ justifyContent: 'flex-end' }}>
      <Button onClick={onCancel}>{t('cancel')}</Button>
      <Button type="primary" htmlType="submit" loading={busy}>{t('save')}</Button>
    </div>
  );
}

function DeleteDepartment({ department, onClose, onDeleted }: { department: Department; onClose(): void; onDeleted(): void }) {
  const t = useT(peopleText);
  const client = useQueryClient();
  return (
    <Confirm
      title={t('departmentDeleteTitle', { name: department.name })}
      detail={t('departmentDeleteDetail')}
      verb={t('deleteDepartment')}
      onClose={onClose}
      run={async () => {
        await api.delete('/departments/{id}', { params: { id: department.id }, version: department.version });
        await client.invalidateQueries({ queryKey: ['departments'] });
        toast(t('departmentDeleted', { name: department.name }));
        onDeleted();
      }}
    />
  );
}
