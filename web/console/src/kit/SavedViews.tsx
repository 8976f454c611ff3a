import { useSearch } from '@tanstack/react-router';
import type { SavedView } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { Icon, toast } from '@tashi/shared/ui';
import { useContext, useState } from 'react';
import { useCan, useMe } from '../app/session';
import { Check } from './DataTable';
import { Popover } from './Popover';
import { ProblemView } from './ProblemView';
import { TableShape, shapeOf, sameShape } from './tableShape';
import { kitText } from './text';
import { useSearchPatch } from './useSearchPatch';
import { useViews, type View, type ViewDraft } from './useViews';

const LONGEST = 20;

/** Filters without what a view says of the table itself. */
function filters(search: Record<string, string>): Record<string, string> {
  const { cols: _cols, rows: _rows, ...rest } = search;
  return rest;
}

function same(a: Record<string, string>, b: Record<string, string>): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => (a[key] ?? '') === (b[key] ?? ''));
}

/** What a list offers at this moment: its views, which of them is on the screen, and what may be done to them. */
function useOffered(id: string, builtIn: readonly View[], current: Record<string, string>, onChoose: (search: Record<string, string>) => void) {
  const t = useT(kitText);
  const me = useMe();
  const settings = useCan('org.write');
  const table = useContext(TableShape);
  const { views, keep, change, remove } = useViews(id);
  const products: View[] = [{ key: 'all', name: t('view.all'), search: {} }, ...builtIn];
  const matching = views.filter((view) => same(filters(view.search), current));
  // Of two views with the same filters the one with the columns of this moment; a filter alone also names its view.
  const chosen = matching.find((view) => !view.search.cols || (table && sameShape(view.search, table)))
    ?? (Object.keys(current).length ? matching[0] : undefined);
  const product = chosen ? undefined : products.find((view) => same(view.search, current));
  const drop = (view: SavedView) =>
    remove.mutate(view, {
      onSuccess: () => {
        const { name, search, shared } = view;
        toast(t('view.deleted', { name }), view.owner.id === me.employee.id ? () => void keep.mutate({ name, search, shared }) : undefined);
      },
    });
  const choose = (search: Record<string, string>) => {
    if (search.cols) table?.apply(search);
    onChoose(filters(search));
  };
  return {
    products, views, chosen, product, keep, change, drop, choose, table,
    owned: chosen?.owner.id === me.employee.id,
    canSave: !chosen && (!product || (product.key === 'all' && !!table?.changed)),
    canChange: !!chosen && (chosen.owner.id === me.employee.id || settings),
  };
}

/**
 * Views as tabs: those of the product first, then the person's own and those colleagues share. `current` are the filters
 * of the address without what only opens a drawer. In a table of {@link DataPage} a view also keeps columns and row height.
 */
export function SavedViews({ id, builtIn, current, onChoose }: {
  id: string;
  builtIn: readonly View[];
  current: Record<string, string>;
  onChoose(search: Record<string, string>): void;
}) {
  const t = useT(kitText);
  const { products, views, chosen, product, keep, change, drop, choose, owned, canSave, canChange } = useOffered(id, builtIn, current, onChoose);
  return (
    <nav className="view-tabs" aria-label={t('view.tabs')}>
      {products.map((view) => (
        <span key={view.key} className={view === product ? 'view on' : 'view'}>
          <button type="button" aria-current={view === product || undefined} onClick={() => choose(view.search)}>{view.name}</button>
        </span>
      ))}
      {views.map((view) => (
        <span key={view.id} className={view === chosen ? 'view on' : 'view'}>
          <ViewButton view={view} on={view === chosen} onChoose={() => choose(view.search)} />
        </span>
      ))}
      {canChange && chosen ? (
        <Popover label={t('view.change', { name: chosen.name })} className="icb small" trigger={<Icon name="edit" size={14} />}>
          {(close) => (
            <ViewForm
              key={chosen.id}
              first={chosen}
              owned={owned}
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

/** The filters `keys` of the address, and what puts a view's in their place. */
function useFilters(keys: readonly string[]) {
  const search = useSearch({ strict: false }) as Record<string, unknown>;
  const patch = useSearchPatch<Record<string, string | undefined>>();
  const current: Record<string, string> = {};
  for (const key of keys) if (typeof search[key] === 'string') current[key] = search[key];
  return { current, onChoose: (next: Record<string, string>) => patch({ ...Object.fromEntries(keys.map((key) => [key, undefined])), ...next }) };
}

/** {@link SavedViews} of a list whose filters are these parts of the address and nothing else. */
export function ListViews({ id, keys }: { id: string; keys: readonly string[] }) {
  return <SavedViews id={id} builtIn={[]} {...useFilters(keys)} />;
}

/** The same behind one button, for a bar without a line of tabs. */
export function ViewsMenu({ id, keys }: { id: string; keys: readonly string[] }) {
  const t = useT(kitText);
  const { current, onChoose } = useFilters(keys);
  const { views, chosen, keep, change, drop, choose, owned, canSave, canChange } = useOffered(id, [], current, onChoose);
  return (
    <Popover label={chosen ? t('view.now', { name: chosen.name }) : t('view.tabs')} className={chosen ? 'btn dashed on' : 'btn dashed'} trigger={<><Icon name="list" size={14} />{chosen?.name ?? t('view.tabs')}</>}>
      {(close) => (
        <div className="views-menu">
          {views.length ? (
            <ul aria-label={t('view.tabs')}>
              {views.map((view) => (
                <li key={view.id} className={view === chosen ? 'view on' : 'view'}>
                  <ViewButton view={view} on={view === chosen} onChoose={() => { close(); choose(view.search); }} />
                </li>
              ))}
            </ul>
          ) : canSave ? null : <p className="s12 m3">{t('view.none')}</p>}
          {canChange && chosen ? (
            <ViewForm
              key={chosen.id}
              first={chosen}
              owned={owned}
              error={change.error}
              onSave={(draft) => change.mutate({ view: chosen, draft }, { onSuccess: close })}
              onDelete={() => { close(); drop(chosen); }}
            />
          ) : canSave ? (
            <ViewForm
              first={{ name: '', search: current, shared: false }}
              owned
              error={keep.error}
              onSave={(draft) => keep.mutate(draft, { onSuccess: () => { close(); toast(t('view.saved', { name: draft.name })); } })}
            />
          ) : null}
        </div>
      )}
    </Popover>
  );
}

function ViewButton({ view, on, onChoose }: { view: SavedView; on: boolean; onChoose(): void }) {
  const t = useT(kitText);
  const shared = view.shared ? t('view.sharedBy', { name: view.owner.name }) : undefined;
  return (
    <button type="button" aria-current={on || undefined} title={shared} onClick={onChoose}>
      {shared ? <Icon name="users" size={13} label={shared} /> : null}
      {view.name}
    </button>
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
  const table = useContext(TableShape);
  // A new view keeps the table as it is; a changed one keeps its own until told otherwise.
  const [shaped, setShaped] = useState(!!table && !onDelete);
  return (
    <form
      className="view-save"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim()) onSave({ name: name.trim(), search: table && shaped ? { ...filters(first.search), ...shapeOf(table) } : first.search, shared });
      }}
    >
      {error ? <ProblemView error={error} compact /> : null}
      <label>
        <span className="s12 m3">{t('view.name')}</span>
        <input className="plain-input" value={name} maxLength={LONGEST} onChange={(event) => setName(event.target.value)} />
      </label>
      {table ? (
        <label className="column-line">
          <Check label={t('view.shape')} checked={shaped} onChange={() => setShaped(!shaped)} />
          <span>{t('view.shape')}</span>
        </label>
      ) : null}
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
