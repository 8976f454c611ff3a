import type { ObjectDefinition } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { useState } from 'react';
import { ProblemView } from '../../kit/ProblemView';
import { IconChoice } from './IconChoice';
import { Settings } from './ObjectScreen';
import { objectsText } from './text';
import { usePatchObject, type DefinitionChange } from './useObjects';

/** Name, icon and pattern of the numbers; the way out of use. */
export function NumbersTab({ object }: { object: ObjectDefinition }) {
  const t = useT(objectsText);
  const [zh, setZh] = useState(object.name['zh-CN'] ?? '');
  const [en, setEn] = useState(object.name.en ?? '');
  const [icon, setIcon] = useState(object.icon);
  const [numbering, setNumbering] = useState(object.numbering);
  const retire = usePatchObject(object.id);
  const change: DefinitionChange = {};
  const name = { ...object.name };
  for (const [language, text] of [['zh-CN', zh], ['en', en]] as const) {
    if (text.trim()) name[language] = text.trim();
    else delete name[language];
  }
  if (JSON.stringify(name) !== JSON.stringify(object.name)) change.name = name;
  if (icon !== object.icon) change.icon = icon;
  if (numbering !== object.numbering) change.numbering = numbering;
  const ready = Object.keys(change).length > 0 && Object.keys(name).length > 0;
  return (
    <Settings object={object} change={ready ? change : null}>
      <div className="form-2">
        <label className="stack"><span className="s12 m2">{t('nameZh')}</span><input className="plain-input" value={zh} maxLength={40} onChange={(e) => setZh(e.target.value)} /></label>
        <label className="stack"><span className="s12 m2">{t('nameEn')}</span><input className="plain-input" value={en} maxLength={40} onChange={(e) => setEn(e.target.value)} /></label>
      </div>
      <IconChoice value={icon} onChange={setIcon} />
      <label className="stack object-part">
        <span className="s12 m2">{t('numbering')}</span>
        <input className="plain-input mono" value={numbering} maxLength={40} onChange={(e) => setNumbering(e.target.value)} />
        <span className="s12 m3">{t('numberingHint')}</span>
        <span className="s12">{numbering === object.numbering ? t('nextCode', { code: object.next_code }) : t('numberingKept')}</span>
      </label>
      <p className="row g6 object-part">
        <button type="button" className="btn" disabled={retire.isPending} onClick={() => retire.mutate({ version: object.version, retired: !object.retired })}>{t(object.retired ? 'unretire' : 'retire')}</button>
        <span className="s12 m3">{t('retireHint')}</span>
      </p>
      {retire.error ? <ProblemView error={retire.error} compact /> : null}
    </Settings>
  );
}
