import type { ObjectDefinition } from '@tashi/shared/api';
import type { FormSpec } from '@tashi/shared/forms/index.ts';
import { said } from '@tashi/shared/forms/said.ts';
import { useLanguage, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { useState } from 'react';
import { Check } from '../../kit/DataTable';
import { filtered } from './conditions';
import { Settings } from './ObjectScreen';
import { objectsText } from './text';

/** Which fields the list shows, in which order, and which one names a record. */
export function ListTab({ object, spec }: { object: ObjectDefinition; spec: FormSpec }) {
  const t = useT(objectsText);
  const language = useLanguage();
  const fields = spec.fields.filter((one) => one.type !== 'note');
  const [columns, setColumns] = useState(() => object.columns.filter((key) => fields.some((one) => one.key === key)));
  const [title, setTitle] = useState(object.title_field ?? '');
  const name = (key: string) => said(fields.find((one) => one.key === key)?.label, language) || key;
  const move = (key: string, by: -1 | 1) => {
    const at = columns.indexOf(key);
    const next = columns.filter((one) => one !== key);
    next.splice(Math.max(0, at + by), 0, key);
    setColumns(next);
  };
  const same = JSON.stringify(columns) === JSON.stringify(object.columns) && title === (object.title_field ?? '');
  // Those shown come first, in their order; the others as the form has them.
  const order = [...columns, ...fields.map((one) => one.key).filter((key) => !columns.includes(key))];
  return (
    <Settings object={object} change={same ? null : { columns, title_field: title || null }}>
      <label className="stack">
        <span className="s12 m2">{t('titleField')}</span>
        <select className="plain-input" value={title} onChange={(e) => setTitle(e.target.value)}>
          <option value="">{t('titleCode')}</option>
          {fields.filter((one) => filtered(one) && one.type !== 'reference').map((one) => <option key={one.key} value={one.key}>{name(one.key)}</option>)}
        </select>
      </label>
      <fieldset className="object-part">
        <legend className="s14 w7">{t('columns')}</legend>
        <p className="s12 m3">{fields.length ? t('columnsHint') : t('noFields')}</p>
        <ul className="object-columns">
          {order.map((key) => {
            const on = columns.includes(key);
            return (
              <li key={key}>
                <Check label={name(key)} checked={on} onChange={() => setColumns(on ? columns.filter((one) => one !== key) : [...columns, key])} />
                <span className={on ? 'sp' : 'sp m3'}>{name(key)}</span>
                {on ? (
                  <>
                    <button type="button" className="icb tiny" aria-label={t('moveUp', { name: name(key) })} disabled={columns[0] === key} onClick={() => move(key, -1)}><Icon name="up" size={14} /></button>
                    <button type="button" className="icb tiny" aria-label={t('moveDown', { name: name(key) })} disabled={columns.at(-1) === key} onClick={() => move(key, 1)}><Icon name="down" size={14} /></button>
                  </>
                ) : null}
              </li>
            );
          })}
        </ul>
      </fieldset>
    </Settings>
  );
}
