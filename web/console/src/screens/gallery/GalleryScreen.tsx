import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { api, type Customer, type FormPage, type GalleryPhoto, type Page } from '@tashi/shared/api';
import type { Field } from '@tashi/shared/forms/index.ts';
import { said } from '@tashi/shared/forms/said.ts';
import { addDays, useFormat, useLanguage, useT } from '@tashi/shared/i18n';
import { SkeletonRows } from '@tashi/shared/ui';
import { useEffect, useState } from 'react';
import { DayField } from '../../kit/DayField';
import { FilterSelect } from '../../kit/FilterBar';
import { ProblemView } from '../../kit/ProblemView';
import { useActiveEmployees, useDepartmentOptions, useOptions } from '../../kit/refs';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { ViewsMenu } from '../../kit/SavedViews';
import { useForms } from '../designer/useForms';
import { PhotoView } from './PhotoView';
import type { GallerySearch } from './search';
import { galleryText } from './text';
import './gallery.css';

const FILTERS = ['from', 'to', 'person', 'customer', 'department', 'form', 'field'];

const PAGE = 60;

/** All photos of visits and forms: what was seen, by whom, where, and in answer to what. */
export function GalleryScreen() {
  const t = useT(galleryText);
  const format = useFormat();
  const language = useLanguage();
  const search = useSearch({ from: '/shell/gallery' });
  const patch = useSearchPatch<GallerySearch>();
  const people = useOptions(useActiveEmployees().data);
  const departments = useDepartmentOptions();
  const forms = useForms();
  const fields = usePictureFields(search.form);
  const today = format.today();
  const [from, to] = [search.from ?? addDays(today, -29), search.to ?? today];
  const query = { customer_id: search.customer, employee_id: search.person, department_id: search.department, form_id: search.form, field: search.field, day_from: from, day_to: to };
  const list = useInfiniteQuery({
    queryKey: ['gallery', query],
    queryFn: ({ pageParam, signal }) => api.get<Page<GalleryPhoto>>('/gallery', { query: { ...query, limit: PAGE, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  const photos = list.data?.pages.flatMap((page) => page.items) ?? [];
  const open = photos.findIndex((one) => one.id === search.photo);
  const more = () => { if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage(); };
  const filtered = !!(search.customer || search.person || search.department || search.form || search.from || search.to);
  const clear = () => patch({ customer: undefined, person: undefined, department: undefined, form: undefined, field: undefined, from: undefined, to: undefined });
  return (
    <div className="gallery">
      <div className="bar">
        <DayField label={t('from')} value={from} max={to} onChange={(next) => patch({ from: next })} />
        <span className="m3" aria-hidden="true">–</span>
        <DayField label={t('to')} value={to} min={from} max={today} onChange={(next) => patch({ to: next })} />
        <CustomerFilter value={search.customer} onChange={(customer) => patch({ customer })} />
        <FilterSelect label={t('person')} value={search.person} options={people} onChange={(person) => patch({ person })} />
        <FilterSelect label={t('department')} value={search.department} options={departments} onChange={(department) => patch({ department })} />
        <FilterSelect label={t('form')} value={search.form} options={(forms.data ?? []).map((one) => ({ value: one.id, label: said(one.title, language) || one.key }))} onChange={(form) => patch({ form, field: undefined })} />
        {search.form ? <FilterSelect label={t('field')} value={search.field} options={fields.map(({ key, label }) => ({ value: key, label: said(label, language) || key }))} onChange={(field) => patch({ field })} /> : null}
        <ViewsMenu id="gallery" keys={FILTERS} />
      </div>
      <main className="gallery-body" aria-label={t('title')} tabIndex={0}>
        {list.error && !list.data ? <ProblemView error={list.error} onRetry={() => list.refetch()} /> : null}
        {list.isPending ? <SkeletonRows rows={6} height={120} /> : null}
        {list.data && photos.length === 0 && !list.hasNextPage ? <div className="empty"><b>{t('empty')}</b><p>{t('emptyDetail')}</p>{filtered ? <button type="button" className="btn" onClick={clear}>{t('clear')}</button> : null}</div> : null}
        <div className="gallery-grid">
          {photos.map((photo) => <Tile key={photo.id} photo={photo} onOpen={() => patch({ photo: photo.id })} />)}
        </div>
        {list.data && (photos.length > 0 || list.hasNextPage) ? (
          <div className="gallery-foot">
            {list.hasNextPage ? <button type="button" className="btn" disabled={list.isFetchingNextPage} onClick={more}>{t('more')}</button> : null}
            <span className="s12 m3" aria-live="polite">{t(list.hasNextPage ? 'shown' : 'all', { count: photos.length })}</span>
          </div>
        ) : null}
      </main>
      {open === -1 ? null : <PhotoView photos={photos} at={open} more={list.hasNextPage} onMore={more} onMove={(id) => patch({ photo: id })} onClose={() => patch({ photo: undefined })} />}
    </div>
  );
}

function Tile({ photo, onOpen }: { photo: GalleryPhoto; onOpen(): void }) {
  const t = useT(galleryText);
  const format = useFormat();
  const language = useLanguage();
  const customer = photo.customer?.name ?? t('outside');
  return (
    <button type="button" className="gallery-one" aria-label={t('photoOf', { customer, person: photo.employee.name, time: format.dateTime(photo.taken_at) })} onClick={onOpen}>
      <img src={`/api/v1/photos/${photo.id}/thumb`} alt="" loading="lazy" width={240} height={180} />
      <span>
        <b className="clip">{customer}</b>
        <span className="s12 m2 clip">{photo.form ? said(photo.form.label ?? photo.form.title, language) : t('visitStep')}</span>
        <span className="s12 m3 clip">{format.dots([photo.employee.name, format.dateTime(photo.taken_at)])}</span>
      </span>
    </button>
  );
}

function CustomerFilter({ value, onChange }: { value: string | undefined; onChange(next: string | undefined): void }) {
  const t = useT(galleryText);
  const [typed, setTyped] = useState('');
  const [settled, setSettled] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setSettled(typed), 250);
    return () => clearTimeout(timer);
  }, [typed]);
  const found = useQuery({ queryKey: ['customers', 'choose', settled], queryFn: async () => (await api.get<Page<Customer>>('/customers', { query: { q: settled, limit: 30 } })).items, placeholderData: (old) => old });
  const chosen = useQuery({ queryKey: ['customers', value], queryFn: ({ signal }) => api.get<Customer>('/customers/{id}', { params: { id: value ?? '' }, signal }), enabled: !!value });
  const rows = [...(chosen.data && value && !found.data?.some((one) => one.id === value) ? [chosen.data] : []), ...(found.data ?? [])];
  return <FilterSelect label={t('customer')} value={value} options={rows.map((one) => ({ value: one.id, label: one.name }))} loading={found.isFetching} onSearch={setTyped} onChange={onChange} />;
}

/** Questions of a form that are answered by pictures, with the names they have in the gallery. */
function usePictureFields(form: string | undefined): { key: string; label: Field['label'] }[] {
  const page = useQuery({ queryKey: ['forms', 'one', form], queryFn: ({ signal }) => api.get<FormPage>('/forms/{id}', { params: { id: form ?? '' }, signal }), enabled: !!form });
  const pictured = (field: Field) => field.type === 'photo' || field.type === 'signature' || field.type === 'check';
  return (page.data?.draft.fields ?? []).flatMap((field) =>
    field.type === 'table' ? field.fields.filter(pictured).map((one) => ({ key: `${field.key}.${one.key}`, label: one.label })) : pictured(field) ? [{ key: field.key, label: field.label }] : [],
  );
}
