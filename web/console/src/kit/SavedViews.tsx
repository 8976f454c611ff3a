import type { SavedView } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { Icon, toast } from '@tashi/shared/ui';
import { useState } from 'react';
import { useCan, useMe } from '../app/session';
import { Check } from './DataTable';
import { Popover } from './Popover';
import { ProblemView } from './ProblemView';
import { kitText } from './text';
import { useViews, type View, type ViewDraft } from './useViews';

const LONGEST = 20;

function same(a: Record<string, string>, b: Record<string, string>): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => (a[key] ?? '') === (b[key] ?? ''));
}

/**
 * Views as tabs: those of the product first, then the person's own and those colleagues share. `current` are the filters
 * of the address without what only opens a drawer.
 */
export function SavedViews({ id, builtIn, current, onChoose }: {
  id: string;
  builtIn: readonly View[];
  current: Record<string, string>;
  onChoose(search: Record<string, string>): void;
}) {
  const t = useT(kitText);
  const me = useMe();
  const settings = useCan('org.write');
  const { views, keep, change, remove } = useViews(id);
  const products: View[] = [{ key: 'all', name: t('view.all'), search: {} }, ...builtIn];
  const chosen = views.find((view) => same(view.search, current));
  const product = chosen ? undefined : products.find((view) => same(view.search, current));
  const canSave = !chosen && !product && Object.keys(current).length > 0;
  const changes = chosen && (chosen.owner.id === me.employee.id || settings);

  const drop = (view: SavedView) =>
    remove.mutate(view, {
      onSuccess: () => {
        const { name, search, shared } = view;
        toast(t('view.deleted', { name }), view.owner.id === me.employee.id ? () => void keep.mutate({ name, search, shared }) : undefined);
      },
    });

  return (
    <nav className="view-tabs" aria-label={t('view.tabs')}>
      {products.map((view) => (
        <span key={view.key} className={view === product ? 'view on' : 'view'}>
          <button type="button" aria-current={view === product || undefined} onClick={() => onChoose(view.search)}>{view.name}</button>
        </span>
      ))}
      {views.map((view) => (
        <span key={view.id} className={view === chosen ? 'view on' : 'view'}>
          <button
            type="button"
            aria-current={view === chosen || undefined}
            title={view.shared ? t('view.sharedBy', { name: view.owner.name }) : undefined}
            onClick={() => onChoose(view.search)}
          >
            {view.shared ? <Icon name="users" size={13} label={t('view.sharedBy', { name: view.owner.name })} /> : null}
            {view.name}
          </button>
        </span>
      ))}
      {changes ? (
        <Popover label={t('view.change', { name: chosen.name })} className="icb small" trigger={<Icon name="edit" size={14} />}>
          {(close) => (
            <ViewForm
              key={chosen.id}
              first={chosen}
              owned={chosen.owner.id === me.employee.id}
              error={change.error}
              onSave={(draft) => change.mutate({ view: chosen, draft }, { onSuccess: close })}
              onDelete={() => { close(); drop(chosen); }}
            />
          )}
        </Popover>
      ) : null}
      {canSave ? (
        <Popover label={t('view.save')} className="icb small" trigger={<Icon name="plus" size={14} />}>
          {(close) => (
            <ViewForm
              first={{ name: '', search: current, shared: false }}
              owned
              error={keep.error}
              onSave={(draft) => keep.mutate(draft, { onSuccess: () => { close(); toast(t('view.saved', { name: draft.name })); } })}
            />
          )}
        </Popover>
      ) : null}
    </nav>
  );
}

function ViewForm({ first, owned, error, onSave, onDelete }: {
  first: ViewDraft;
  /** Only one's own view can be taken back from the others. */
  owned: boolean;
  error: unknown;
  onSave(draft: ViewDraft): void;
  onDelete?(): void;
}) {
  const t = useT(kitText);
  const [name, setName] = useState(first.name);
  const [shared, setShared] = useState(first.shared);
  return (
    <form
      className="view-save"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim()) onSave({ name: name.trim(), search: first.search, shared });
      }}
    >
      {error ? <ProblemView error={error} compact /> : null}
      <label>
        <span className="s12 m3">{t('view.name')}</span>
        <input className="plain-input" value={name} maxLength={LONGEST} onChange={(event) => setName(event.target.value)} />
      </label>
      {owned ? (
        <label className="column-line">
          <Check label={t('view.share')} checked={shared} onChange={() => setShared(!shared)} />
          <span>{t('view.share')}</span>
        </label>
      ) : null}
      <span className="row">
        <button type="submit" className="btn pri" disabled={!name.trim()}>{onDelete ? t('view.keep') : t('view.save')}</button>
        {onDelete ? <button type="button" className="btn" onClick={onDelete}>{t('view.delete')}</button> : null}
      </span>
    </form>
  );
}
