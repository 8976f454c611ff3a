import { useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows } from '@tashi/shared/ui';
import { useEffect, useState } from 'react';
import { ProblemView } from '../../kit/ProblemView';
import { Designer } from '../designer/Designer';
import '../designer/designer.css';
import type { PaletteKind } from '../designer/spec';
import { useForm } from '../designer/useForms';
import { VersionsTab } from '../designer/VersionsTab';
import { NOUNS } from './CustomFieldsScreen';
import { customText } from './text';

/** What has a home of its own: proof lies with visits, places and tables with records. */
const WITHOUT: ReadonlySet<PaletteKind> = new Set<PaletteKind>(['photo', 'signature', 'check', 'place', 'customer', 'contact', 'employee', 'table', 'note']);

/** The fields a company adds to one noun of ours, and their versions. */
export function CustomFormScreen() {
  const t = useT(customText);
  const client = useQueryClient();
  const { id } = useParams({ from: '/shell/designer/fields/$id' });
  const form = useForm(id);
  const [loads, setLoads] = useState(0);
  const [tools, setTools] = useState<HTMLElement | null>(null);
  const [tab, setTab] = useState<'fields' | 'versions'>('fields');
  const published = form.data?.published ?? null;
  // What was published just now is what forms and lists ask for from here on.
  useEffect(() => { void client.invalidateQueries({ queryKey: ['custom-fields'] }); }, [client, published]);
  if (form.error) return <div className="drawer-pad"><ProblemView error={form.error} onRetry={() => form.refetch()} /></div>;
  if (!form.data) return <SkeletonRows />;
  const { noun, icon } = NOUNS.find((one) => one.noun === form.data.key) ?? NOUNS[0]!;
  return (
    <div className="designer-page">
      <div className="bar designer-bar">
        <Link to="/designer/fields" className="icb" aria-label={t('back')} title={t('back')}><Icon name="left" /></Link>
        <Icon name={icon} size={17} className="fg-accent" />
        <h1 className="s14 w7 clip">{t(`noun.${noun}`)}</h1>
        {published === null ? null : <span className="tag">{t('published', { n: published })}</span>}
        <span className="seg designer-tabs" role="tablist" aria-label={t('title')}>
          {(['fields', 'versions'] as const).map((one) => <button key={one} type="button" role="tab" aria-selected={tab === one} className={tab === one ? 'on' : ''} onClick={() => setTab(one)}>{t(`tab.${one}`)}</button>)}
        </span>
        <span className="sp designer-tools" ref={setTools} />
      </div>
      {tab === 'fields' ? <Designer key={`${id} ${loads}`} form={form.data} tools={tools} without={WITHOUT} publishInfo={t('publishInfo')} onReload={() => void form.refetch().then(() => setLoads((n) => n + 1))} /> : <VersionsTab form={form.data} ofObject />}
    </div>
  );
}
