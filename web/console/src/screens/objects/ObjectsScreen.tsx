import { useNavigate } from '@tanstack/react-router';
import { toProblem, type ObjectLine } from '@tashi/shared/api';
import { said } from '@tashi/shared/forms/said.ts';
import { commonText, useLanguage, useT } from '@tashi/shared/i18n';
import { Ago, Icon, SkeletonRows } from '@tashi/shared/ui';
import { iconNamed } from '@tashi/shared/ui/Icon.tsx';
import { useState } from 'react';
import { Modal } from '../../kit/Modal';
import { ProblemView } from '../../kit/ProblemView';
import { DesignerSections } from '../designer/DesignerSections';
import '../designer/designer.css';
import { IconChoice } from './IconChoice';
import { objectsText } from './text';
import { useCreateObject, useDefinitions } from './useObjects';
import './objects.css';

/** All objects of the company, as their designers see them. */
export function ObjectsScreen() {
  const t = useT(objectsText);
  const objects = useDefinitions();
  const [making, setMaking] = useState(false);
  return (
    <div className="forms-page">
      <div className="bar">
        <DesignerSections />
        <span className="sp" />
        <button type="button" className="btn pri" onClick={() => setMaking(true)}><Icon name="plus" size={15} />{t('create')}</button>
      </div>
      <main className="forms-list">
        {objects.error ? <ProblemView error={objects.error} onRetry={() => objects.refetch()} /> : null}
        {objects.isPending ? <SkeletonRows /> : null}
        {objects.data?.length ? <p className="m2 templates-intro">{t('intro')}</p> : null}
        {objects.data?.length === 0 ? (
          <div className="empty">
            <b>{t('empty')}</b>
            <p>{t('intro')}</p>
            <p>{t('emptyDetail')}</p>
            <button type="button" className="btn pri" onClick={() => setMaking(true)}>{t('create')}</button>
          </div>
        ) : null}
        <ul className="form-cards">{objects.data?.map((one) => <ObjectCard key={one.id} object={one} />)}</ul>
      </main>
      {making ? <CreateObject onClose={() => setMaking(false)} /> : null}
    </div>
  );
}

function ObjectCard({ object }: { object: ObjectLine }) {
  const t = useT(objectsText);
  const language = useLanguage();
  const navigate = useNavigate();
  return (
    <li>
      <button type="button" className="form-card" onClick={() => void navigate({ to: '/designer/objects/$id', params: { id: object.id } })}>
        <span className="row g6">
          <Icon name={iconNamed(object.icon)} size={18} className="fg-accent" />
          <b className="clip sp">{said(object.name, language) || object.key}</b>
          <span className="tag">{object.published === null ? t('draft') : t('published', { n: object.published })}</span>
        </span>
        <span className="s12 m3 row g6"><span className="mono">{object.key}</span></span>
        <span className="s12 row g6">
          {object.retired ? <span className="fg-late">{t('retired')}</span> : null}
          <span className="end m2">{t('records', { count: object.records })} · <Ago at={object.changed_at} /></span>
        </span>
      </button>
    </li>
  );
}

function CreateObject({ onClose }: { onClose(): void }) {
  const t = useT(objectsText);
  const common = useT(commonText);
  const navigate = useNavigate();
  const create = useCreateObject();
  const [zh, setZh] = useState('');
  const [en, setEn] = useState('');
  const [key, setKey] = useState('');
  const [icon, setIcon] = useState('box');
  const fault = create.error ? toProblem(create.error).fields.find((one) => one.field === 'key') : undefined;
  // The key follows the English name until it is written by hand.
  const name = (next: string) => {
    setEn(next);
    const word = (text: string) => text.toLowerCase().replace(/[^a-z0-9]+/g, '_').replace(/^[^a-z]+|_+$/g, '').slice(0, 40);
    if (key === word(en)) setKey(word(next));
  };
  const make = () => {
    const title = { ...(zh.trim() ? { 'zh-CN': zh.trim() } : {}), ...(en.trim() ? { en: en.trim() } : {}) };
    create.mutate({ key, name: title, icon, spec: { title, fields: [] } }, { onSuccess: (made) => void navigate({ to: '/designer/objects/$id', params: { id: made.id } }) });
  };
  return (
    <Modal
      title={t('create')}
      width={560}
      onClose={onClose}
      foot={
        <>
          <button type="button" className="btn" onClick={onClose}>{common('cancel')}</button>
          <button type="button" className="btn pri" disabled={!(zh.trim() || en.trim()) || !key || create.isPending} onClick={make}>{t('make')}</button>
        </>
      }
    >
      <div className="form-2">
        <label className="stack"><span className="s12 m2">{t('nameZh')}</span><input className="plain-input" data-autofocus value={zh} maxLength={40} onChange={(e) => setZh(e.target.value)} /></label>
        <label className="stack"><span className="s12 m2">{t('nameEn')}</span><input className="plain-input" value={en} maxLength={40} onChange={(e) => name(e.target.value)} /></label>
      </div>
      <label className="stack object-part">
        <span className="s12 m2">{t('key')}</span>
        <input className="plain-input mono" value={key} maxLength={40} aria-invalid={fault ? true : undefined} onChange={(e) => setKey(e.target.value)} />
        <span className={`s12 ${fault ? 'fg-problem' : 'm3'}`}>{fault?.message ?? t('keyHint')}</span>
      </label>
      <IconChoice value={icon} onChange={setIcon} />
      {create.error && !fault ? <ProblemView error={create.error} compact /> : null}
    </Modal>
  );
}
