import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, newId, toProblem, type Customer, type CustomerStatus, type Grade, type Id, type OpeningHours, type Ref } from '@tashi/shared/api';
import { useGrades } from '@tashi/shared/grades.ts';
import { commonText, useFormat, useT } from '@tashi/shared/i18n';
import { SkeletonRows } from '@tashi/shared/ui';
import { Button, Form, Input, InputNumber, Select } from 'antd';
import { useMemo, useState } from 'react';
import { useMe } from '../../app/session';
import { EntityDrawer } from '../../kit/EntityDrawer';
import { indented } from '../../kit/FilterBar';
import type { Place } from '../../kit/place';
import { PlaceField } from '../../kit/PointField';
import { ProblemView } from '../../kit/ProblemView';
import { useActiveEmployees, useCustomerClasses, useDepartmentOptions, useOptions } from '../../kit/refs';
import { Section } from '../../kit/Section';
import { asItWas, toastChange } from '../../kit/undo';
import { useProblemFields } from '../../kit/useProblemFields';
import { CustomInputs, useCustomAnswers } from '../custom/CustomInputs';
import { useCustomFields } from '../custom/useCustomFields';
import { HoursField } from './HoursField';
import { customersText } from './text';

interface Values {
  name: string;
  code?: string;
  grade?: Grade | null;
  class_id?: string;
  tags?: string[];
  address?: string;
  place?: Place | null;
  radius_m?: number | null;
  owner_id?: string | null;
  department_id?: string;
  status?: CustomerStatus;
  note?: string;
  hours?: OpeningHours;
  whom?: { preferred_id?: Id | null; barred_ids?: Id[] };
  contact?: { name?: string; title?: string; phone?: string };
}

/** Creates (`id` = `new`) or changes a customer. */
export function CustomerForm({ id, onClose, onSaved }: { id: string; onClose(): void; onSaved(id: string): void }) {
  const t = useT(customersText);
  const isNew = id === 'new';
  const customer = useQuery({
    queryKey: ['customers', 'one', id],
    queryFn: () => api.get<Customer>('/customers/{id}', { params: { id } }),
    enabled: !isNew,
    staleTime: 0,
  });
  if (!isNew && !customer.data) {
    return (
      <EntityDrawer title={t('title')} onClose={onClose}>
        {customer.error ? <div className="drawer-pad"><ProblemView error={customer.error} onRetry={() => customer.refetch()} /></div> : <SkeletonRows />}
      </EntityDrawer>
    );
  }
  return <Fields key={customer.data?.version ?? 'new'} customer={customer.data ?? null} onClose={onClose} onSaved={onSaved} />;
}

function Fields({ customer, onClose, onSaved }: { customer: Customer | null; onClose(): void; onSaved(id: string): void }) {
  const t = useT(customersText);
  const common = useT(commonText);
  const format = useFormat();
  const me = useMe();
  const client = useQueryClient();
  const [form] = Form.useForm<Values>();
  const problem = useProblemFields(form, { at: 'place', datum: 'place' });
  const [newCustomerId] = useState(newId);
  const [dirty, setDirty] = useState(false);
  const own = useCustomAnswers(useCustomFields('customer'), customer?.custom ?? null);
  const classes = useCustomerClasses();
  const classOptions = useOptions(classes.data);
  const people = useActiveEmployees().data;
  const owners = useOptions(people);
  // Who was named by somebody with a wider view, or has left, keeps his name.
  const known = useOptions(useMemo(() => withNamed(people, customer), [people, customer]));
  const departments = useDepartmentOptions();
  const classId = Form.useWatch('class_id', form);
  const radius = Form.useWatch('radius_m', form);
  const classRadius = classes.data?.find((one) => one.id === classId)?.radius_m;

  const save = useMutation({
    mutationFn: async (values: Values): Promise<{ saved: Customer; was: Record<string, unknown> | null }> => {
      const body = {
        name: values.name.trim(),
        code: values.code?.trim() || null,
        grade: values.grade ?? null,
        class_id: values.class_id,
        tags: values.tags ?? [],
        address: values.address?.trim() || null,
        at: values.place?.at ?? null,
        ...(values.place ? { datum: values.place.datum } : {}),
        ...(values.radius_m ? { radius_m: values.radius_m } : {}),
        owner_id: values.owner_id ?? null,
        department_id: values.department_id,
        status: values.status,
        note: values.note?.trim() || null,
        hours: values.hours,
        whom: { preferred_id: values.whom?.preferred_id ?? null, barred_ids: values.whom?.barred_ids ?? [] },
        custom: own.changed,
      };
      if (customer) {
        const { at: _at, datum: _datum, ...rest } = body;
        const was = asItWas(customer, rest, {
          whom: { preferred_id: customer.whom.preferred?.id ?? null, barred_ids: customer.whom.barred.map((one) => one.id) },
          // Whether the radius was the customer's own or his class's cannot be told.
          radius_m: body.radius_m === customer.radius_m ? customer.radius_m : undefined,
          custom: Object.fromEntries(Object.keys(own.changed ?? {}).map((key) => [key, customer.custom[key] ?? null])),
        });
        const saved = await api.patch<Customer>('/customers/{id}', body, { params: { id: customer.id }, version: customer.version });
        const moved = JSON.stringify(saved.at) !== JSON.stringify(customer.at);
        return { saved, was: was && moved ? { ...was, at: customer.at, ...(customer.at ? { datum: 'wgs84' } : {}) } : was };
      }
      const contact = values.contact?.name?.trim()
        ? { name: values.contact.name.trim(), title: values.contact.title?.trim() || undefined, phone: values.contact.phone?.trim() || undefined }
        : undefined;
      // Absent means the default of the server, so empty fields of a new customer are not sent.
      const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null && value !== undefined));
      return { saved: await api.post<Customer>('/customers', { id: newCustomerId, ...given, contact }), was: null };
    },
    onSuccess: async ({ saved, was }) => {
      setDirty(false);
      await Promise.all([
        client.invalidateQueries({ queryKey: ['customers'] }),
        client.invalidateQueries({ queryKey: ['customer360', saved.id] }),
      ]);
      const back = was && { method: 'patch' as const, path: '/customers/{id}', params: { id: saved.id }, body: was, version: saved.version, lists: ['customers', 'customer360'] };
      toastChange(t(customer ? 'form.saved' : 'form.created', { name: saved.name }), back);
      onSaved(saved.id);
    },
    onError: problem.show,
  });
  const conflict = toProblem(problem.problem).code === 'version.conflict';

  return (
    <EntityDrawer
      title={customer ? t('form.edit', { name: customer.name }) : t('form.new')}
      onClose={onClose}
      dirty={dirty && !save.isSuccess}
      foot={
        <>
          <Button type="primary" loading={save.isPending} disabled={!!customer && !dirty} onClick={() => form.submit()}>{customer ? common('save') : t('form.new')}</Button>
          <Button onClick={onClose}>{common('cancel')}</Button>
          {dirty ? <span className="m3 s12">{common('unsaved')}</span> : null}
        </>
      }
    >
      <Form<Values>
        form={form}
        className="drawer-pad"
        layout="vertical"
        requiredMark={false}
        scrollToFirstError
        initialValues={
          customer
            ? {
                name: customer.name,
                code: customer.code ?? undefined,
                grade: customer.grade,
                class_id: customer.class.id,
                tags: customer.tags,
                address: customer.address ?? undefined,
                place: customer.at ? { at: customer.at, datum: 'wgs84' } : null,
                radius_m: customer.radius_m,
                owner_id: customer.owner?.id,
                department_id: customer.department.id,
                status: customer.status,
                note: customer.note ?? undefined,
                hours: customer.hours,
                whom: { preferred_id: customer.whom.preferred?.id, barred_ids: customer.whom.barred.map((one) => one.id) },
              }
            : { status: 'active', tags: [], department_id: me.employee.department.id, class_id: classes.data?.[0]?.id }
        }
        onValuesChange={(changed: Partial<Values>) => {
          setDirty(true);
          // A new class brings its radius, unless the person has set one of their own for this shop.
          if (changed.class_id) form.setFieldValue('radius_m', classes.data?.find((one) => one.id === changed.class_id)?.radius_m);
        }}
        onFinish={(values) => { if (own.check()) save.mutate(values); }}
      >
        {problem.problem ? (
          <ProblemView
            error={problem.problem}
            compact
            onRetry={conflict && customer ? () => client.invalidateQueries({ queryKey: ['customers', 'one', customer.id] }) : undefined}
          />
        ) : null}
        <Form.Item name="name" label={t('form.name')} rules={[{ required: true, whitespace: true, message: t('form.needed') }]}>
          <Input maxLength={80} autoFocus={!customer} />
        </Form.Item>
        <Form.Item name="address" label={t('form.address')}>
          <Input maxLength={120} />
        </Form.Item>
        <Form.Item name="place" label={t('form.place')} extra={t('form.placeHint')}>
          <PlaceField radiusM={radius ?? classRadius} />
        </Form.Item>
        <div className="form-2">
          <Form.Item name="class_id" label={t('class')}><Select options={classOptions} /></Form.Item>
          <Form.Item name="radius_m" label={t('form.radius')} extra={classRadius ? t('form.radiusHint', { radius: format.number(classRadius) }) : undefined}>
            <InputNumber min={20} max={5000} precision={0} suffix="m" style={{ width: '100%' }} placeholder={classRadius ? String(classRadius) : undefined} />
          </Form.Item>
          <Form.Item name="grade" label={t('grade')}>
            <Select allowClear placeholder={t('noGrade')} options={useGrades().map((grade) => ({ value: grade, label: common('grade', { grade }) }))} />
          </Form.Item>
          <Form.Item name="status" label={t('form.status')}>
            <Select options={(['active', 'prospect', 'archived'] as const).map((one) => ({ value: one, label: common(`customer.${one}`) }))} />
          </Form.Item>
          <Form.Item name="owner_id" label={t('owner')}>
            <Select allowClear placeholder={t('noOwner')} options={owners} showSearch={{ optionFilterProp: 'label' }} />
          </Form.Item>
          <Form.Item name="department_id" label={t('department')}>
            <Select options={departments} optionRender={indented} showSearch={{ optionFilterProp: 'label' }} />
          </Form.Item>
          <Form.Item name={['whom', 'preferred_id']} label={t('whom.preferred')} extra={t('whom.preferredHint')}>
            <Select allowClear placeholder={t('whom.nobody')} options={known} showSearch={{ optionFilterProp: 'label' }} />
          </Form.Item>
          <Form.Item name={['whom', 'barred_ids']} label={t('whom.barred')} extra={t('whom.barredHint')}>
            <Select mode="multiple" allowClear maxCount={20} placeholder={t('whom.nobody')} options={known} showSearch={{ optionFilterProp: 'label' }} />
          </Form.Item>
          <Form.Item name="code" label={t('form.code')} extra={t('form.codeHint')}><Input maxLength={40} /></Form.Item>
          <Form.Item name="tags" label={t('tags')} extra={t('form.tagsHint')}><Select mode="tags" open={false} suffixIcon={null} /></Form.Item>
        </div>
        <Form.Item name="hours" label={t('hours.title')} extra={t('hours.hint')}>
          <HoursField />
        </Form.Item>
        <Form.Item name="note" label={t('form.note')} extra={t('form.noteHint')}>
          <Input.TextArea maxLength={500} autoSize={{ minRows: 2, maxRows: 6 }} />
        </Form.Item>
        <CustomInputs own={own} onTouched={() => setDirty(true)} />
        {customer ? null : (
          <Section title={t('form.firstContact')}>
            <div className="form-2">
              <Form.Item name={['contact', 'name']} label={t('contactName')}><Input maxLength={40} autoComplete="off" /></Form.Item>
              <Form.Item name={['contact', 'title']} label={t('contactTitle')}><Input maxLength={40} autoComplete="off" /></Form.Item>
              <Form.Item name={['contact', 'phone']} label={t('contactPhone')}><Input maxLength={20} inputMode="tel" autoComplete="off" /></Form.Item>
            </div>
          </Section>
        )}
      </Form>
    </EntityDrawer>
  );
}

/** Everybody who may be chosen, and those who stand there already. */
function withNamed(people: readonly Ref[] | undefined, customer: Customer | null): Ref[] {
  const stood = customer ? [customer.whom.preferred, ...customer.whom.barred].filter((one) => one !== null) : [];
  const known = new Set(people?.map((one) => one.id));
  return [...(people ?? []), ...stood.filter((one) => !known.has(one.id))];
}
