import { Link, useParams, useSearch } from '@tanstack/react-router';
import { toProblem, type ObjectDefinition } from '@tashi/shared/api';
import { said } from '@tashi/shared/forms/said.ts';
import { useLanguage, useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows, toast } from '@tashi/shared/ui';
import { iconNamed } from '@tashi/shared/ui/Icon.tsx';
import { useState, type ReactNode } from 'react';
import { ProblemView } from '../../kit/ProblemView';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { Designer } from '../designer/Designer';
import '../designer/designer.css';
import type { PaletteKind } from '../designer/spec';
import { useForm } from '../designer/useForms';
import { VersionsTab } from '../designer/VersionsTab';
import { GrantsTab } from './GrantsTab';
import { ListTab } from './ListTab';
import { NumbersTab } from './NumbersTab';
import { OBJECT_TABS, type ObjectSearch } from './search';
import { objectsText } from './text';
import { useDefinition, usePatchObject, type DefinitionChange } from './useObjects';
import './objects.css';

/** Pictures are proof of a visit and lie with it: an object has none. */
const WITHOUT: ReadonlySet<PaletteKind> = new Set(['check', 'audio']);

/** One object: its fields, its list, its numbers, who may do what, and its versions. */
export function ObjectScreen() {
  const t = useT(objectsText);
  const language = useLanguage();
  const { id } = useParams({ from: '/shell/designer/objects/$id' });
  const search = useSearch({ from: '/shell/designer/objects/$id' });
  const patch = useSearchPatch<ObjectSearch>();
  const object = useDefinition(id);
  const form = useForm(id);
  // The designer holds a draft of its own; it begins anew with what was loaded.
  const [loads, setLoads] = useState(0);
  const [tools, setTools] = useState<HTMLElement | null>(null);
  const tab = search.tab ?? 'fields';
  const error = object.error ?? form.error;
  if (error) return <div className="drawer-pad"><ProblemView error={error} onRetry={() => Promise.all([object.refetch(), form.refetch()])} /></div>;
  if (!object.data || !form.data) return <SkeletonRows />;
  const { data } = object;
  const published = form.data.published;
  return (
    <div className="designer-page">
      <div className="bar designer-bar">
        <Link to="/designer/objects" className="icb" aria-label={t('back')} title={t('back')}><Icon name="left" /></Link>
        <Icon name={iconNamed(data.icon)} size={17} className="fg-accent" />
        <h1 className="s14 w7 clip">{said(data.name, language) || data.key}</h1>
        <span className="tag">{published === null ? t('draft') : t('published', { n: published })}</span>
        {data.retired ? <span className="tag">{t('retired')}</span> : null}
        <span className="seg designer-tabs" role="tablist" aria-label={t('title')}>
          {OBJECT_TABS.map((one) => <button key={one} type="button" role="tab" aria-selected={tab === one} className={tab === one ? 'on' : ''} onClick={() => patch({ tab: one === 'fields' ? undefined : one })}>{t(`tab.${one}`)}</button>)}
        </span>
        <span className="sp designer-tools" ref={setTools} />
        {published === null ? null : <Link to="/business/$key" params={{ key: data.key }} className="btn">{t('openList')}</Link>}
      </div>
      {tab === 'fields' ? <Designer key={`${id} ${loads}`} form={form.data} tools={tools} without={WITHOUT} publishInfo={t('publishInfo')} onReload={() => void form.refetch().then(() => setLoads((n) => n + 1))} /> : null}
      {tab === 'versions' ? <VersionsTab form={form.data} ofObject /> : null}
      {tab === 'list' ? <ListTab key={data.version} object={data} spec={form.data.draft} /> : null}
      {tab === 'numbers' ? <NumbersTab key={data.version} object={data} /> : null}
      {tab === 'grants' ? <GrantsTab key={data.version} object={data} /> : null}
    </div>
  );
}

/** What a tab asks, and one button that keeps it. */
export function Settings({ object, change, children }: { object: ObjectDefinition; change: DefinitionChange | null; children: ReactNode }) {
  const t = useT(objectsText);
  const patch = usePatchObject(object.id);
  const definition = useDefinition(object.id);
  const stale = patch.error !== null && toProblem(patch.error).code === 'version.conflict';
  const save = () => {
    if (change) patch.mutate({ version: object.version, ...change }, { onSuccess: () => toast(t('saved')) });
  };
  return (
    <main className="object-settings">
      {children}
      {stale ? <p className="row g6 fg-problem" role="alert">{t('stale')}<button type="button" className="btn sm" onClick={() => void definition.refetch()}>{t('reload')}</button></p> : patch.error ? <ProblemView error={patch.error} compact /> : null}
      <p><button type="button" className="btn pri" disabled={change === null || patch.isPending} onClick={save}>{t('save')}</button></p>
    </main>
  );
}
