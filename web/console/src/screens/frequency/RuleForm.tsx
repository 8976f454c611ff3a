import type { FrequencyEvery, FrequencyRule, NewFrequencyRule } from '@tashi/shared/api';
import { gradeRank, useGrades } from '@tashi/shared/grades.ts';
import { commonText, useFormat, useT } from '@tashi/shared/i18n';
import { toast } from '@tashi/shared/ui';
import { Input, InputNumber, Select, Switch } from 'antd';
import { useId, useState } from 'react';
import { Confirm } from '../../kit/Confirm';
import { Modal } from '../../kit/Modal';
import { namedList } from '../../kit/NamedList';
import { ProblemView } from '../../kit/ProblemView';
import { useDepartmentOptions, useOptions } from '../../kit/refs';
import { useCustomFields } from '../custom/useCustomFields';
import { filtered, saidOf, withCondition } from '../objects/conditions';
import { FieldFilter } from '../objects/Filters';
import '../objects/objects.css';
import { useTemplates } from '../planning/usePlanning';
import { useTerritories } from '../territories/useTerritories';
import { frequencyText } from './text';
import { useDeleteRule, useSaveRule } from './useFrequency';

const EVERY: FrequencyEvery[] = ['week', 'month', 'days'];
const MOST: Record<FrequencyEvery, number> = { week: 7, month: 28, days: 366 };
const NEW: NewFrequencyRule = {
  name: '',
  terms: { grades: [], tags: [], every: 'week', times: 1, min_gap_days: null, weekdays: [1, 2, 3, 4, 5], visit_minutes: 30 },
  template_id: null,
  active: true,
};

/** One rule: whom, how often, on which days, doing what. */
export function RuleForm({ rule, onClose }: { rule: FrequencyRule | null; onClose(): void }) {
  const t = useT(frequencyText);
  const common = useT(commonText);
  const format = useFormat();
  const known = useGrades();
  const form = useId();
  const templates = useTemplates();
  const territories = useOptions(useTerritories().data?.items);
  const departments = useDepartmentOptions();
  const own = useCustomFields('customer');
  const away = !!rule?.terms.anybody_of && !departments.some((one) => one.value === rule.terms.anybody_of);
  const [draft, setDraft] = useState<NewFrequencyRule>(rule ? { name: rule.name, terms: rule.terms, template_id: rule.template_id, active: rule.active } : { ...NEW, terms: { ...NEW.terms, grades: known.slice(0, 1) } });
  const [removing, setRemoving] = useState(false);
  const save = useSaveRule();
  const remove = useDeleteRule();
  const { terms } = draft;
  const set = (change: Partial<NewFrequencyRule['terms']>) => setDraft((old) => ({ ...old, terms: { ...old.terms, ...change } }));
  if (rule && removing) {
    return (
      <Confirm
        title={t('deleteTitle', { name: rule.name })}
        detail={t('deleteDetail')}
        verb={t('deleteRule')}
        run={async () => {
          await remove.mutateAsync(rule.id);
          toast(t('deletedRule', { name: rule.name }));
        }}
        onClose={onClose}
      />
    );
  }
  const ready = draft.name.trim() !== '' && terms.weekdays.length > 0;
  return (
    <Modal
      title={rule ? t('editRule') : t('addRule')}
      onClose={onClose}
      foot={
        <>
          {rule ? <button type="button" className="btn danger" onClick={() => setRemoving(true)}>{t('deleteRule')}</button> : null}
          <span className="sp" />
          <button type="button" className="btn" onClick={onClose}>{common('cancel')}</button>
          <button type="submit" form={form} className="btn pri" disabled={!ready || save.isPending}>{t('saveRule')}</button>
        </>
      }
    >
      <form
        id={form}
        className="freq-form"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate({ rule, next: { ...draft, name: draft.name.trim() } }, {
            onSuccess: (saved) => {
              toast(t('savedRule', { name: saved.name }));
              onClose();
            },
          });
        }}
      >
        <label className="plan-field"><span>{t('name')}</span><Input value={draft.name} maxLength={60} placeholder={t('namePlaceholder')} onChange={(event) => setDraft({ ...draft, name: event.target.value })} /></label>
        <div className="freq-two">
          <label className="plan-field"><span>{t('grades')}</span>
            <Select mode="multiple" popupRender={namedList(t('grades'))} aria-label={t('grades')} value={terms.grades} placeholder={t('gradesAny')} options={[...new Set([...known, ...terms.grades])].map((value) => ({ value, label: value }))} onChange={(grades: string[]) => set({ grades: [...grades].sort((a, b) => gradeRank(a) - gradeRank(b)) })} />
          </label>
          <label className="plan-field"><span>{t('tags')}</span>
            <Select mode="tags" popupRender={namedList(t('tags'))} aria-label={t('tags')} value={terms.tags} placeholder={t('tagsAny')} tokenSeparators={[',', '，', '、', ' ']} open={false} suffixIcon={null} maxCount={20} onChange={(tags: string[]) => set({ tags })} />
            <span className="s12 m3">{t('tagsHint')}</span>
          </label>
        </div>
        {territories.length || terms.territories?.length ? (
          <label className="plan-field"><span>{t('territories')}</span>
            <Select mode="multiple" popupRender={namedList(t('territories'))} aria-label={t('territories')} value={terms.territories ?? []} placeholder={t('territoriesAny')} options={territories} optionFilterProp="label" onChange={(next: string[]) => set({ territories: next })} />
          </label>
        ) : null}
        {own.fields.some((one) => filtered(one)) ? (
          <div className="plan-field" role="group" aria-label={t('ownFields')}>
            <span>{t('ownFields')}</span>
            <span className="row g6 freq-wrap">
              {own.fields.filter((one) => filtered(one)).map((field) => (
                <FieldFilter key={field.key} spec={own} field={field} value={saidOf(field, terms.fields?.find((one) => one.field === field.key))} onChange={(next) => set({ fields: withCondition(terms.fields ?? [], field, next) })} />
              ))}
            </span>
            <span className="s12 m3">{t('ownFieldsHint')}</span>
          </div>
        ) : null}
        <div className="plan-field">
          <span>{t('often')}</span>
          <span className="row g6 freq-wrap">
            <span className="seg" role="radiogroup" aria-label={t('often')}>
              {EVERY.map((one) => (
                <button key={one} type="button" role="radio" aria-checked={terms.every === one} className={terms.every === one ? 'on' : ''} onClick={() => set({ every: one, times: Math.min(terms.times, MOST[one]) })}>{t(`every.${one}`)}</button>
              ))}
            </span>
            <InputNumber aria-label={t('often')} min={1} max={MOST[terms.every]} precision={0} value={terms.times} onChange={(times) => set({ times: times ?? 1 })} style={{ width: 72 }} />
            <span>{t(terms.every === 'days' ? 'daysUnit' : 'timesUnit', { count: terms.times })}</span>
          </span>
        </div>
        <div className="plan-field">
          <span>{t('weekdays')}</span>
          <span className="row g4 freq-wrap" role="group" aria-label={t('weekdays')}>
            {[1, 2, 3, 4, 5, 6, 7].map((one) => {
              const on = terms.weekdays.includes(one);
              return (
                <button key={one} type="button" className={on ? 'chip on' : 'chip'} aria-pressed={on} onClick={() => set({ weekdays: on ? terms.weekdays.filter((day) => day !== one) : [...terms.weekdays, one].sort() })}>
                  {format.weekday(one)}
                </button>
              );
            })}
          </span>
        </div>
        <div className="freq-two">
          <label className="plan-field"><span>{t('gap')}</span>
            <span className="row g6"><InputNumber aria-label={t('gap')} min={1} max={180} precision={0} value={terms.min_gap_days} placeholder={t('gapAuto')} onChange={(min_gap_days) => set({ min_gap_days })} style={{ width: 96 }} />{t('daysUnit', { count: terms.min_gap_days ?? 2 })}</span>
          </label>
          <label className="plan-field"><span>{t('minutes')}</span>
            <span className="row g6"><InputNumber aria-label={t('minutes')} min={5} max={480} step={5} precision={0} value={terms.visit_minutes} onChange={(next) => set({ visit_minutes: next ?? 30 })} style={{ width: 96 }} />{t('minutesUnit')}</span>
          </label>
        </div>
        <div className="freq-two">
          <label className="plan-field"><span>{t('who')}</span>
            <Select popupRender={namedList(t('who'))} aria-label={t('who')} value={terms.anybody_of ?? ''} options={[{ value: '', label: t('whoOwner') }, ...departments.map((one) => ({ value: one.value, label: t('whoAnybody', { department: one.label }) })), ...(away ? [{ value: rule.terms.anybody_of ?? '', label: t('whoAnybody', { department: t('elsewhere') }) }] : [])]} showSearch optionFilterProp="label" onChange={(next: string) => set({ anybody_of: next || null })} />
          </label>
          <label className="plan-field"><span>{t('skills')}</span>
            <Select mode="tags" popupRender={namedList(t('skills'))} aria-label={t('skills')} value={terms.skills ?? []} placeholder={t('skillsAny')} tokenSeparators={[',', '，', '、']} open={false} suffixIcon={null} maxCount={20} onChange={(skills: string[]) => set({ skills })} />
          </label>
        </div>
        {terms.anybody_of ? <p className="s12 m3">{t('whoHint')}</p> : null}
        <div className="freq-two">
          <label className="plan-field"><span>{t('template')}</span>
            <Select popupRender={namedList(t('template'))} aria-label={t('template')} value={draft.template_id ?? ''} options={[{ value: '', label: t('templateNone') }, ...(templates.data ?? []).map((one) => ({ value: one.id, label: one.name }))]} onChange={(next: string) => setDraft({ ...draft, template_id: next || null })} />
          </label>
          <label className="plan-field"><span>{t('active')}</span><span><Switch checked={draft.active} onChange={(active) => setDraft({ ...draft, active })} /></span></label>
        </div>
        <p className="s12 m3">{t('holdsFrom')}</p>
        {save.error ? <ProblemView error={save.error} compact /> : null}
      </form>
    </Modal>
  );
}
