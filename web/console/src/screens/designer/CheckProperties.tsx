import type { Field, Follow } from '@tashi/shared/forms/index.ts';
import { useT } from '@tashi/shared/i18n';
import { useCan } from '../../app/session';
import { useActiveEmployees } from '../../kit/refs';
import { useOrderTypes } from '../orders/useOrders';
import { Both, Limit } from './Properties';
import { designerText } from './text';

const WHO = ['owner', 'author', 'head', 'named'] as const;

/** What is asked of an item, and what follows when it fails. */
export function CheckProperties({ field, set }: { field: Extract<Field, { type: 'check' }>; set(part: string, value: unknown): void }) {
  const t = useT(designerText);
  const { measure, follow } = field;
  const amend = (change: Partial<NonNullable<typeof measure>>) => set('measure', trimmed({ ...measure, ...change }));
  const after = (change: Partial<Follow>) => set('follow', trimmed({ who: 'owner', ...follow, ...change }));
  return (
    <>
      <div className="properties-part">
        <label className="row g6"><input type="checkbox" checked={measure !== undefined} onChange={(e) => set('measure', e.target.checked ? { places: 1 } : undefined)} />{t('measure')}</label>
        {measure ? (
          <div className="two">
            <Limit label={t('min')} value={measure.min} whole={false} onChange={(min) => amend({ min })} /><Limit label={t('max')} value={measure.max} whole={false} onChange={(max) => amend({ max })} />
            <Limit label={t('places')} value={measure.places ?? 0} onChange={(n) => amend({ places: Math.min(6, n ?? 0) })} /><span />
            <Both zh={t('unitZh')} en={t('unitEn')} value={measure.unit ?? {}} max={12} onChange={(unit) => amend({ unit })} />
          </div>
        ) : null}
        <div className="two">
          <Limit label={t('weight')} value={field.weight ?? 1} whole={false} onChange={(n) => set('weight', n === undefined || n === 1 ? undefined : Math.max(0, n))} />
          <Limit label={t('photosOnFail')} value={field.photos ?? 0} onChange={(n) => set('photos', n ? Math.min(9, n) : undefined)} />
        </div>
        <label className="row g6"><input type="checkbox" checked={field.remark !== false} onChange={(e) => set('remark', e.target.checked ? undefined : false)} />{t('remarkOnFail')}</label>
        <label className="row g6"><input type="checkbox" checked={field.always ?? false} onChange={(e) => set('always', e.target.checked || undefined)} />{t('notAlways')}</label>
      </div>
      <div className="properties-part">
        <label className="row g6"><input type="checkbox" checked={follow !== undefined} onChange={(e) => set('follow', e.target.checked ? { who: 'owner', days: 1 } : undefined)} />{t('follow')}</label>
        {follow ? (
          <>
            <Both zh={t('followTitleZh')} en={t('followTitleEn')} value={follow.title ?? {}} max={60} onChange={(title) => after({ title })} />
            <label className="stack">
              <span className="s12 m2">{t('followOpen')}</span>
              <select className="plain-input" value={follow.open ?? 'task'} onChange={(e) => after({ open: e.target.value === 'work_order' ? 'work_order' : undefined, kind: undefined })}>
                <option value="task">{t('open.task')}</option><option value="work_order">{t('open.work_order')}</option>
              </select>
            </label>
            {follow.open === 'work_order' ? <OrderKind value={follow.kind} onChange={(kind) => after({ kind })} /> : <>
            <label className="stack">
              <span className="s12 m2">{t('followWho')}</span>
              <select className="plain-input" value={follow.who} onChange={(e) => after({ who: e.target.value as Follow['who'], person: undefined })}>{WHO.map((one) => <option key={one} value={one}>{t(`who.${one}`)}</option>)}</select>
            </label>
            {follow.who === 'named' ? <Person value={follow.person} onChange={(person) => after({ person })} /> : null}
            <Limit label={t('followDays')} value={follow.days ?? 0} onChange={(n) => after({ days: Math.min(365, n ?? 0) })} />
            </>}
          </>
        ) : null}
      </div>
    </>
  );
}

/** Which type of order; people who may not see orders leave it to the first in use. */
function OrderKind({ value, onChange }: { value: string | undefined; onChange(kind: string | undefined): void }) {
  const t = useT(designerText);
  const types = useOrderTypes(useCan('order.read'));
  return (
    <label className="stack">
      <span className="s12 m2">{t('followKind')}</span>
      <select className="plain-input" value={value ?? ''} onChange={(e) => onChange(e.target.value || undefined)}>
        <option value="">{t('followKindFirst')}</option>
        {types.data?.filter((one) => one.active || one.id === value).map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
      </select>
    </label>
  );
}

function Person({ value, onChange }: { value: string | undefined; onChange(person: string | undefined): void }) {
  const t = useT(designerText);
  const people = useActiveEmployees();
  return (
    <label className="stack">
      <span className="s12 m2">{t('followPerson')}</span>
      <select className="plain-input" value={value ?? ''} onChange={(e) => onChange(e.target.value || undefined)}>
        <option value="">{t('followPick')}</option>
        {people.data?.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
      </select>
    </label>
  );
}

/** Without what says nothing. */
function trimmed<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined && !(typeof one === 'object' && one !== null && Object.keys(one).length === 0))) as T;
}
