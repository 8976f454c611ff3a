import type { SpecFault } from '@tashi/shared/api';
import { type Choice, type Field, type FormSpec, type Text } from '@tashi/shared/forms/index.ts';
import { said } from '@tashi/shared/forms/said.ts';
import { useLanguage, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { useState } from 'react';
import { LogicInput } from '../logic/LogicInput';
import { useSubjects } from '../logic/useSubjects';
import { FormulaInput, useFaultWords } from './FormulaInput';
import { CheckProperties } from './CheckProperties';
import { KIND_ICON } from './kinds';
import { FORMULAS, changeField, fieldAt, freeKey, newField, nudge, renameKey, withPart } from './spec';
import { designerText } from './text';

export interface PropertiesProps {
  spec: FormSpec;
  path: string;
  field: Field;
  faults: readonly SpecFault[];
  canWrite: boolean;
  onChange(spec: FormSpec, tag?: string | null): void;
  onSelect(path: string): void;
  onRemove(): void;
}

/** Formulas that are conditions: said in sentences, unless somebody wants to write them. */
const CONDITIONS: readonly string[] = ['visible', 'required'];

/** Everything about one field. */
export function Properties({ spec, path, field, faults, canWrite, onChange, onSelect, onRemove }: PropertiesProps) {
  const t = useT(designerText);
  const language = useLanguage();
  const words = useFaultWords();
  const table = path.includes('.') ? fieldAt(spec, path.split('.')[0]!) : undefined;
  const set = (part: string, value: unknown) => onChange(changeField(spec, path, (one) => withPart(one, part, value)), `${path} ${part}`);
  const own = table ? `row.${field.key}` : `form.${field.key}`;
  const kind = field.calc !== undefined ? 'computed' : field.type === 'reference' ? field.to : field.type;
  const subjects = useSubjects(spec, table);
  const others = subjects.filter((one) => !(one.path === own || one.path.startsWith(`${own}.`)));
  const general = faults.filter((one) => !(FORMULAS as readonly string[]).includes(one.part) && one.part !== 'constraint');
  const formulas = FORMULAS.filter((part) => (part === 'calc' ? ['text', 'number', 'yes_no', 'date'].includes(field.type) : !(field.type === 'note' && part !== 'visible')) && !(part === 'default' && path.includes('.')));
  return (
    <fieldset className="plain-set" disabled={!canWrite}>
      <header className="properties-head">
        <Icon name={KIND_ICON[kind] ?? 'text'} size={16} className="fg-accent" />
        <b className="clip sp">{said(field.label, language) || t('untitled')}</b>
        <span className="tag">{t(`kind.${kind}` as 'kind.text')}</span>
        <button type="button" className="icb tiny" aria-label={t('moveUp')} title={`${t('moveUp')} (Alt+↑)`} onClick={() => onChange(nudge(spec, path, -1))}><Icon name="up" size={14} /></button>
        <button type="button" className="icb tiny" aria-label={t('moveDown')} title={`${t('moveDown')} (Alt+↓)`} onClick={() => onChange(nudge(spec, path, 1))}><Icon name="down" size={14} /></button>
        <button type="button" className="icb tiny" aria-label={t('remove')} title={t('remove')} onClick={onRemove}><Icon name="trash" size={14} /></button>
      </header>
      {general.length ? <ul className="properties-faults" role="alert">{general.map((one) => <li key={one.part + one.code + one.word} className="s12 fg-problem"><Icon name="warn" size={13} /> {words(one)}</li>)}</ul> : null}
      <div className="properties-part">
        <Both zh={t('labelZh')} en={t('labelEn')} value={field.label} max={120} onChange={(label) => onChange(changeField(spec, path, (one) => ({ ...one, label })), `${path} label`)} />
        <KeyInput spec={spec} path={path} field={field} onRename={(to) => { onChange(renameKey(spec, path, to)); onSelect(table ? `${path.split('.')[0]}.${to}` : to); }} />
        {field.type === 'note' ? null : <Both zh={t('hintZh')} en={t('hintEn')} value={field.hint ?? {}} max={300} onChange={(hint) => set('hint', hint)} />}
      </div>
      <KindProperties spec={spec} path={path} field={field} set={set} onChange={onChange} onSelect={onSelect} />
      <div className="properties-part">
        <h3 className="s12 w7">{t('formulas')}</h3>
        {field.type === 'note' || field.calc !== undefined ? null : (
          <label className="row g6"><input type="checkbox" checked={field.required === 'true'} onChange={(e) => set('required', e.target.checked ? 'true' : undefined)} />{t('always')}</label>
        )}
        {formulas.filter((part) => part !== 'required' || field.required !== 'true').map((part) => {
          const input = { label: t(`formula.${part}`), value: field[part] ?? '', spec, table, disabled: !canWrite, onChange: (next: string) => set(part, next) };
          return CONDITIONS.includes(part)
            ? <LogicInput key={part} {...input} subjects={others} hint={t('formulaHint', { key: spec.fields[0]?.key ?? 'field' })} />
            : <FormulaInput key={part} {...input} />;
        })}
        {field.type === 'note' || field.calc !== undefined ? null : (
          <>
            <LogicInput label={t('constraint')} value={field.constraint?.formula ?? ''} spec={spec} table={table} subjects={subjects} first={own} disabled={!canWrite} onChange={(formula) => set('constraint', formula === '' ? undefined : { formula, message: field.constraint?.message ?? {} })} />
            {field.constraint ? <Both zh={t('messageZh')} en={t('messageEn')} value={field.constraint.message} max={120} onChange={(message) => set('constraint', { formula: field.constraint?.formula ?? '', message })} /> : null}
          </>
        )}
      </div>
    </fieldset>
  );
}

export function Both({ zh, en, value, max, onChange }: { zh: string; en: string; value: Text; max: number; onChange(next: Text): void }) {
  const put = (language: string, text: string) => {
    const { [language]: _, ...rest } = value;
    onChange(text === '' ? rest : { ...rest, [language]: text });
  };
  return (
    <>
      <label className="stack"><span className="s12 m2">{zh}</span><input className="plain-input" maxLength={max} value={value['zh-CN'] ?? ''} onChange={(e) => put('zh-CN', e.target.value)} /></label>
      <label className="stack"><span className="s12 m2">{en}</span><input className="plain-input" lang="en" maxLength={max} value={value.en ?? ''} onChange={(e) => put('en', e.target.value)} /></label>
    </>
  );
}

/** A key is taken over when the field is left: formulas that read it follow. */
function KeyInput({ spec, path, field, onRename }: { spec: FormSpec; path: string; field: Field; onRename(to: string): void }) {
  const t = useT(designerText);
  const [typed, setTyped] = useState(field.key);
  const table = path.includes('.') ? fieldAt(spec, path.split('.')[0]!) : undefined;
  const level = table?.type === 'table' ? table.fields : spec.fields;
  const good = /^[a-z][a-z0-9_]{0,39}$/.test(typed);
  const taken = typed !== field.key && level.some((one) => one.key === typed);
  return (
    <label className="stack">
      <span className="s12 m2">{t('key')}</span>
      <input
        className="plain-input mono" value={typed} maxLength={40} aria-invalid={!good || taken || undefined}
        onChange={(e) => setTyped(e.target.value)}
        onBlur={() => { if (good && !taken && typed !== field.key) onRename(typed); else if (!good || taken) setTyped(field.key); }}
        onKeyDown={(e) => { if (e.key === 'Enter') e.currentTarget.blur(); }}
      />
      {!good ? <span className="s12 fg-problem">{t('fault.key')}</span> : taken ? <span className="s12 fg-problem">{t('fault.twice', { word: typed })}</span> : null}
    </label>
  );
}

export function Limit({ label, value, onChange, whole = true }: { label: string; value: number | undefined; onChange(next: number | undefined): void; whole?: boolean }) {
  return (
    <label className="stack">
      <span className="s12 m2">{label}</span>
      <input className="plain-input" type="number" step={whole ? 1 : 'any'} value={value ?? ''} onChange={(e) => {
        const n = e.target.value === '' ? undefined : Number(e.target.value);
        onChange(n === undefined || !Number.isFinite(n) ? undefined : whole ? Math.max(0, Math.round(n)) : n);
      }} />
    </label>
  );
}

function KindProperties({ spec, path, field, set, onChange, onSelect }: Pick<PropertiesProps, 'spec' | 'path' | 'field' | 'onChange' | 'onSelect'> & { set(part: string, value: unknown): void }) {
  const t = useT(designerText);
  const language = useLanguage();
  switch (field.type) {
    case 'text':
      return <div className="properties-part"><label className="row g6"><input type="checkbox" checked={field.lines ?? false} onChange={(e) => set('lines', e.target.checked || undefined)} />{t('lines')}</label><Limit label={t('maxLength')} value={field.max} onChange={(n) => set('max', n)} /></div>;
    case 'number':
      return (
        <div className="properties-part two">
          <Limit label={t('places')} value={field.places ?? 0} onChange={(n) => set('places', Math.min(6, n ?? 0))} /><span />
          <Limit label={t('min')} value={field.min} whole={false} onChange={(n) => set('min', n)} /><Limit label={t('max')} value={field.max} whole={false} onChange={(n) => set('max', n)} />
          <Both zh={t('unitZh')} en={t('unitEn')} value={field.unit ?? {}} max={12} onChange={(unit) => set('unit', unit)} />
        </div>
      );
    case 'rating':
      return <div className="properties-part"><Limit label={t('stars')} value={field.max} onChange={(n) => set('max', Math.min(10, Math.max(2, n ?? 5)))} /></div>;
    case 'check':
      return <CheckProperties field={field} set={set} />;
    case 'photo':
      return <div className="properties-part two"><Limit label={t('minCount')} value={field.min} onChange={(n) => set('min', n)} /><Limit label={t('maxCount')} value={field.max} onChange={(n) => set('max', n)} /></div>;
    case 'file':
      return <div className="properties-part"><Limit label={t('maxCount')} value={field.max} onChange={(n) => set('max', n === undefined ? undefined : Math.min(9, Math.max(1, n)))} /><p className="s12 m3">{t('fileHint')}</p></div>;
    case 'reference':
      return field.to === 'product' || field.to === 'equipment' ? <div className="properties-part"><p className="s12 m3">{t(field.to === 'product' ? 'productHint' : 'equipmentHint')}</p></div> : null;
    case 'choice':
    case 'choices':
      return (
        <>
          {field.type === 'choices' ? <div className="properties-part two"><Limit label={t('minCount')} value={field.min} onChange={(n) => set('min', n)} /><Limit label={t('maxCount')} value={field.max} onChange={(n) => set('max', n)} /></div> : null}
          <Options spec={spec} path={path} field={field} set={set} onChange={onChange} />
        </>
      );
    case 'table':
      return (
        <div className="properties-part">
          <div className="two"><Limit label={t('minCount')} value={field.min} onChange={(n) => set('min', n)} /><Limit label={t('maxCount')} value={field.max} onChange={(n) => set('max', n)} /></div>
          <h3 className="s12 w7">{t('columns')}</h3>
          <ul className="stack">{field.fields.map((one) => <li key={one.key}><button type="button" className="btn sm" onClick={() => onSelect(`${path}.${one.key}`)}>{said(one.label, language) || one.key}</button></li>)}</ul>
          <select className="plain-input" aria-label={t('addColumn')} value="" onChange={(e) => {
            const kind = e.target.value as 'text';
            const names = { 'zh-CN': designerText.zh[`kind.${kind}`] as string, en: designerText.en[`kind.${kind}`] as string };
            const column = newField(kind, names, new Set(field.fields.map((one) => one.key)));
            onChange(changeField(spec, path, (one) => (one.type === 'table' ? { ...one, fields: [...one.fields, column] } : one)));
            onSelect(`${path}.${column.key}`);
          }}>
            <option value="">{t('addColumn')}</option>
            {(['text', 'number', 'yes_no', 'choice', 'date', 'rating', 'photo', 'file', 'barcode', 'customer', 'employee', 'equipment', 'product', 'computed'] as const).map((one) => <option key={one} value={one}>{t(`kind.${one}`)}</option>)}
          </select>
        </div>
      );
    default:
      return null;
  }
}

type ChoiceField = Extract<Field, { type: 'choice' | 'choices' }>;

/** The options of a question; those of a list of the form are changed for every question that uses the list. */
function Options({ spec, path, field, set, onChange }: { spec: FormSpec; path: string; field: ChoiceField; set(part: string, value: unknown): void; onChange: PropertiesProps['onChange'] }) {
  const t = useT(designerText);
  const language = useLanguage();
  const [bulk, setBulk] = useState<string | null>(null);
  const list = field.list;
  const options = (list === undefined ? field.options : spec.lists?.[list]) ?? [];
  const table = path.includes('.') ? fieldAt(spec, path.split('.')[0]!) : undefined;
  const level = table?.type === 'table' ? table.fields : spec.fields;
  const parents = level.filter((one) => one.type === 'choice' && one.key !== field.key);
  const parent = parents.find((one) => one.key === field.parent);
  const above = parent?.type === 'choice' ? ((parent.list === undefined ? parent.options : spec.lists?.[parent.list]) ?? []) : [];
  const put = (next: Choice[], tag: string | null = null) => {
    if (list === undefined) onChange(changeField(spec, path, (one) => ({ ...one, options: next }) as Field), tag);
    else onChange({ ...spec, lists: { ...spec.lists, [list]: next } }, tag);
  };
  const amend = (k: number, change: Partial<Choice>) => put(options.map((one, i) => (i === k ? { ...one, ...change } : one)), `${path} option ${k}`);
  const pasted = (text: string): Choice[] => text.split('\n').map((line) => line.split('\t').map((one) => one.trim())).filter(([value]) => value).map(([value = '', zh, en, under]) => ({
    value, label: { 'zh-CN': zh || value, ...(en ? { en } : {}) }, ...(under ? { under } : {}),
  }));
  return (
    <div className="properties-part">
      <h3 className="s12 w7">{t('options')}</h3>
      {parents.length ? (
        <label className="stack"><span className="s12 m2">{t('parent')}</span>
          <select className="plain-input" value={field.parent ?? ''} onChange={(e) => set('parent', e.target.value || undefined)}>
            <option value="">{t('noParent')}</option>
            {parents.map((one) => <option key={one.key} value={one.key}>{said(one.label, language)}</option>)}
          </select>
        </label>
      ) : null}
      <ul className="options">
        {options.slice(0, 60).map((one, k) => (
          <li key={k}>
            <input className="plain-input" aria-label={`${t('optionZh')} ${k + 1}`} placeholder={t('optionZh')} value={one.label['zh-CN'] ?? ''} onChange={(e) => amend(k, { label: { ...one.label, 'zh-CN': e.target.value } })} />
            <input className="plain-input" aria-label={`${t('optionEn')} ${k + 1}`} placeholder={t('optionEn')} value={one.label.en ?? ''} onChange={(e) => amend(k, { label: { ...one.label, en: e.target.value } })} />
            <input className="plain-input mono" aria-label={`${t('optionValue')} ${k + 1}`} placeholder={t('optionValue')} value={one.value} onChange={(e) => amend(k, { value: e.target.value })} />
            {parent ? (
              <select className="plain-input" aria-label={`${t('optionUnder')} ${k + 1}`} value={one.under ?? ''} onChange={(e) => { const { under: _, ...rest } = one; put(options.map((o, i) => (i === k ? (e.target.value ? { ...rest, under: e.target.value } : rest) : o))); }}>
                <option value="">—</option>
                {above.map((o) => <option key={o.value} value={o.value}>{said(o.label, language)}</option>)}
              </select>
            ) : null}
            <button type="button" className="icb tiny" aria-label={t('removeOption', { n: k + 1 })} onClick={() => put(options.filter((_, i) => i !== k))}><Icon name="close" size={13} /></button>
          </li>
        ))}
      </ul>
      {options.length > 60 ? <p className="s12 m3">… {options.length}</p> : null}
      <div className="row g6">
        <button type="button" className="btn sm" onClick={() => { const value = freeKey('option', new Set(options.map((o) => o.value))); put([...options, { value, label: { 'zh-CN': '', en: '' } }]); }}><Icon name="plus" size={14} />{t('addOption')}</button>
        <button type="button" className="btn sm ghost" aria-expanded={bulk !== null} onClick={() => setBulk(bulk === null ? options.map((o) => [o.value, o.label['zh-CN'] ?? '', o.label.en ?? '', o.under ?? ''].join('\t').trimEnd()).join('\n') : null)}>{t('bulk')}</button>
      </div>
      {bulk === null ? null : (
        <div className="stack">
          <span className="s12 m3">{t('bulkHint')}</span>
          <textarea className="plain-input mono bulk" rows={8} aria-label={t('bulk')} value={bulk} onChange={(e) => setBulk(e.target.value)} />
          <button type="button" className="btn sm" disabled={pasted(bulk).length === 0} onClick={() => { put(pasted(bulk)); setBulk(null); }}>{t('bulkDo')}</button>
        </div>
      )}
    </div>
  );
}
