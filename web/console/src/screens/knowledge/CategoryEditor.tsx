import type { ArticleCategory, Id } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { useState } from 'react';
import { Modal } from '../../kit/Modal';
import { ProblemView } from '../../kit/ProblemView';
import { knowledgeText } from './text';
import { useCategories, useCategoryWrites } from './useKnowledge';

/** Categories on two levels: named, added, put in order, taken away when empty. */
export function CategoryEditor({ onClose }: { onClose(): void }) {
  const t = useT(knowledgeText);
  const { data = [], error } = useCategories();
  const { make, change, remove } = useCategoryWrites();
  const top = data.filter((one) => one.parent_id === null);
  const under = (id: Id) => data.filter((one) => one.parent_id === id);
  const problem = error ?? make.error ?? change.error ?? remove.error;
  const swap = (list: readonly ArticleCategory[], at: number) => {
    const [one, other] = [list[at], list[at - 1]];
    if (!one || !other) return;
    const place = Math.min(one.place, other.place);
    change.mutate({ ...one, place });
    change.mutate({ ...other, place: place + 1 });
  };
  const row = (one: ArticleCategory, list: readonly ArticleCategory[], at: number) => (
    <CategoryRow
      key={`${one.id} ${one.version}`} category={one} onName={(name) => change.mutate({ ...one, name })} onUp={at > 0 ? () => swap(list, at) : undefined}
      onRemove={() => remove.mutate(one.id)}
    />
  );
  const last = (list: readonly ArticleCategory[]) => Math.max(0, ...list.map((one) => one.place + 1));
  return (
    <Modal title={t('categories')} width={520} onClose={onClose}>
      {problem ? <ProblemView error={problem} compact /> : null}
      <div className="category-editor">
        {top.map((one, at) => (
          <div key={one.id}>
            {row(one, top, at)}
            <div className="category-under">
              {under(one.id).map((child, k) => row(child, under(one.id), k))}
              <AddCategory label={t('addUnder', { name: one.name })} onAdd={(name) => make.mutate({ name, parent_id: one.id, place: last(under(one.id)) })} />
            </div>
          </div>
        ))}
        <AddCategory label={t('addCategory')} onAdd={(name) => make.mutate({ name, parent_id: null, place: last(top) })} />
      </div>
    </Modal>
  );
}

function CategoryRow({ category, onName, onUp, onRemove }: { category: ArticleCategory; onName(name: string): void; onUp: (() => void) | undefined; onRemove(): void }) {
  const t = useT(knowledgeText);
  const [name, setName] = useState(category.name);
  const keep = () => { if (name.trim() && name.trim() !== category.name) onName(name.trim()); };
  return (
    <div className="row g4">
      <input className="plain-input" aria-label={t('categoryName')} value={name} maxLength={40} onChange={(e) => setName(e.target.value)} onBlur={keep} onKeyDown={(e) => { if (e.key === 'Enter') keep(); }} />
      <button type="button" className="icb small" disabled={!onUp} aria-label={t('categoryUp', { name: category.name })} title={t('categoryUp', { name: category.name })} onClick={onUp}><Icon name="up" size={14} /></button>
      <button type="button" className="icb small" aria-label={t('categoryRemove', { name: category.name })} title={t('categoryRemove', { name: category.name })} onClick={onRemove}><Icon name="trash" size={14} /></button>
    </div>
  );
}

function AddCategory({ label, onAdd }: { label: string; onAdd(name: string): void }) {
  const [name, setName] = useState('');
  const add = () => {
    if (!name.trim()) return;
    onAdd(name.trim());
    setName('');
  };
  return (
    <form className="row g4" onSubmit={(e) => { e.preventDefault(); add(); }}>
      <input className="plain-input" aria-label={label} placeholder={label} value={name} maxLength={40} onChange={(e) => setName(e.target.value)} />
      <button type="submit" className="icb small" aria-label={label} disabled={!name.trim()}><Icon name="plus" size={14} /></button>
    </form>
  );
}
