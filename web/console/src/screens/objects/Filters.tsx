import type { ObjectFace } from '@tashi/shared/api';
import { type Field, type FormSpec, offered } from '@tashi/shared/forms/index.ts';
import { said } from '@tashi/shared/forms/said.ts';
import { useLanguage, useT } from '@tashi/shared/i18n';
import { FilterMore, FilterSelect, SearchField, type FilterOption } from '../../kit/FilterBar';
import { useFilterWord } from '../../kit/filterWords';
import { useActiveEmployees, useDepartmentOptions, useOptions } from '../../kit/refs';
import { ends, filtered, range } from './conditions';
import type { RecordsSearch } from './search';
import { objectsText } from './text';

interface Props {
  face: ObjectFace;
  search: RecordsSearch;
  patch(change: Partial<RecordsSearch>, options?: { replace?: boolean }): void;
}

/** Conditions on every field: the first lists to choose from stand in the bar, the rest behind one button. */
export function Filters({ face, search, patch }: Props) {
  const t = useT(objectsText);
  const owners = useOptions(useActiveEmployees().data);
  const departments = useDepartmentOptions();
  const fields = face.spec.fields.filter((one) => filtered(one) && !(one.type === 'reference' && one.to !== 'employee'));
  const near: readonly Field[] = fields.filter((one) => one.type === 'choice').slice(0, 1);
  const far = fields.filter((one) => !near.includes(one));
  const active = [search.department, search.from ?? search.to, ...far.map((one) => search[`f.${one.key}`])].filter(Boolean).length;
  return (
    <>
      {owners.length > 1 ? <FilterSelect label={t('owner')} value={search.owner} options={owners} onChange={(owner) => patch({ owner })} width={116} /> : null}
      {near.map((field) => <FieldFilter key={field.key} spec={face.spec} field={field} value={search[`f.${field.key}`]} people={owners} onChange={(next) => patch({ [`f.${field.key}`]: next }, { replace: true })} />)}
      <FilterMore active={active}>
        {departments.length > 1 ? <FilterSelect label={t('department')} value={search.department} options={departments} onChange={(department) => patch({ department })} width={240} /> : null}
        <Range name={t('created')} type="date" low={search.from ?? ''} high={search.to ?? ''} onChange={(from, to) => patch({ from: from || undefined, to: to || undefined })} />
        {far.map((field) => <FieldFilter key={field.key} spec={face.spec} field={field} value={search[`f.${field.key}`]} people={owners} onChange={(next) => patch({ [`f.${field.key}`]: next }, { replace: true })} />)}
      </FilterMore>
    </>
  );
}

/** The condition on one field, as the address has it. */
export function FieldFilter({ spec, field, value, people = [], onChange: set }: {
  spec: FormSpec; field: Field; value: string | undefined; people?: readonly FilterOption[]; onChange(next: string | undefined): void;
}) {
  const t = useT(objectsText);
  const language = useLanguage();
  const label = said(field.label, language) || field.key;
  const how = filtered(field);
  if (how === 'word') {
    const options = field.type === 'choice' || field.type === 'choices' ? offered(spec, { ...field, parent: undefined }, null).map((one) => ({ value: one.value, label: said(one.label, language) }))
      : field.type === 'yes_no' ? [{ value: 'true', label: t('yes') }, { value: 'false', label: t('no') }] : [...people];
    return <FilterSelect label={label} multiple={field.type === 'choice' || field.type === 'choices'} value={value} options={options} onChange={set} width={132} />;
  }
  if (how === 'text') return <SearchField value={value} onChange={set} placeholder={label} width={240} plain />;
  const [low, high] = ends(value);
  return <Range name={label} type={how === 'day' ? 'date' : 'number'} low={low} high={high} onChange={(from, to) => set(range(from, to))} />;
}

function Range({ name, type, low, high, onChange }: { name: string; type: 'date' | 'number'; low: string; high: string; onChange(low: string, high: string): void }) {
  const t = useT(objectsText);
  useFilterWord(name, low || high ? `${low}–${high}` : undefined);
  return (
    <span className="range" role="group" aria-label={name}>
      <span className="s12 m2 clip">{name}</span>
      <input className="plain-input" type={type} step="any" aria-label={t('rangeFrom', { name })} value={low} onChange={(e) => onChange(e.target.value, high)} />
      <span className="m3" aria-hidden="true">–</span>
      <input className="plain-input" type={type} step="any" aria-label={t('rangeTo', { name })} value={high} onChange={(e) => onChange(low, e.target.value)} />
    </span>
  );
}
