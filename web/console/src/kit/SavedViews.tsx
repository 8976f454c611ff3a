import { useT } from '@tashi/shared/i18n';
import { Icon, toast } from '@tashi/shared/ui';
import { useState } from 'react';
import { useMe } from '../app/session';
import { Popover } from './Popover';
import { useStored } from './stored';
import { kitText } from './text';

/** A named set of filters; `search` holds only what differs from the default. */
export interface View {
  key: string;
  name: string;
  search: Record<string, string>;
}

function same(a: Record<string, string>, b: Record<string, string>): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => (a[key] ?? '') === (b[key] ?? ''));
}

/**
 * Views as tabs: those of the product first, then the person's own, kept per person in this browser. `current` are the
 * filters of the address without what only opens a drawer.
 */
export function SavedViews({ id, builtIn, current, onChoose }: {
  id: string;
  builtIn: readonly View[];
  current: Record<string, string>;
  onChoose(search: Record<string, string>): void;
}) {
  const t = useT(kitText);
  const me = useMe();
  const [own, setOwn] = useStored<View[]>(`tashi.views.${me.employee.id}.${id}`, []);
  const [name, setName] = useState('');
  const all: View[] = [{ key: 'all', name: t('view.all'), search: {} }, ...builtIn, ...own];
  const active = all.find((view) => same(view.search, current));
  const canSave = !active && Object.keys(current).length > 0;

  const remove = (view: View) => {
    const before = own;
    setOwn(own.filter((one) => one.key !== view.key));
    toast(t('view.deleted', { name: view.name }), () => setOwn(before));
  };

  return (
    <nav className="view-tabs" aria-label={t('view.tabs')}>
      {all.map((view) => {
        const on = view === active;
        const mine = own.includes(view);
        return (
          <span key={view.key} className={on ? 'view on' : 'view'}>
            <button type="button" aria-current={on || undefined} onClick={() => onChoose(view.search)}>{view.name}</button>
            {mine && on ? (
              <button type="button" className="view-remove" aria-label={t('view.delete', { name: view.name })} onClick={() => remove(view)}>
                <Icon name="close" size={12} />
              </button>
            ) : null}
          </span>
        );
      })}
      {canSave ? (
        <Popover label={t('view.save')} className="icb small" trigger={<Icon name="plus" size={14} />}>
          {(close) => (
            <form
              className="view-save"
              onSubmit={(event) => {
                event.preventDefault();
                const title = name.trim();
                if (!title) return;
                setOwn([...own, { key: `${Date.now()}`, name: title, search: current }]);
                setName('');
                close();
                toast(t('view.saved', { name: title }));
              }}
            >
              <label>
                <span className="s12 m3">{t('view.name')}</span>
                <input className="plain-input" value={name} maxLength={20} onChange={(event) => setName(event.target.value)} />
              </label>
              <button type="submit" className="btn pri" disabled={!name.trim()}>{t('view.save')}</button>
            </form>
          )}
        </Popover>
      ) : null}
    </nav>
  );
}
