import { useQuery } from '@tanstack/react-query';
import { useNavigate, useRouter } from '@tanstack/react-router';
import { api, type Customer, type Employee, type FoundArticle, type Page, type Task } from '@tashi/shared/api';
import { addDays, useFormat, useT } from '@tashi/shared/i18n';
import { GradeTag, Icon, type IconName } from '@tashi/shared/ui';
import { useDeferredValue, useEffect, useId, useMemo, useRef, useState, type ReactNode } from 'react';
import { useHasObjects } from '../screens/objects/useObjects';
import { visibleNavigation } from '../app/navigation';
import { useMe } from '../app/session';
import { shellText } from '../app/text';
import { Modal } from './Modal';
import { kitText } from './text';

interface Entry {
  key: string;
  group: string;
  icon: IconName;
  label: ReactNode;
  detail?: string;
  href: string;
}

const SEARCH_LIMIT = 6;

/** ⌘K: go to a page, start something new, or find a customer, a person or a task by name, pinyin initials or phone. */
export function CommandPalette({ onClose }: { onClose(): void }) {
  const t = useT(kitText);
  const shell = useT(shellText);
  const me = useMe();
  const navigate = useNavigate();
  const router = useRouter();
  const objects = useHasObjects();
  const [q, setQ] = useState('');
  const [at, setAt] = useState(0);
  const listId = useId();
  const list = useRef<HTMLUListElement>(null);
  const found = useFound(useDeferredValue(q.trim()));

  const entries = useMemo(() => {
    const can = (permission: string) => me.permissions.includes(permission);
    const fits = (word: string) => word.toLowerCase().includes(q.trim().toLowerCase());
    const go: Entry[] = visibleNavigation(me.permissions, objects).map((one) => ({
      key: one.key, group: t('palette.go'), icon: one.icon, label: shell(`nav.${one.key}`), href: one.to,
    }));
    const create: Entry[] = [];
    const tomorrow = router.buildLocation({ to: '/planning' }).href;
    if (can('customer.write')) create.push({ key: 'new-customer', group: t('palette.create'), icon: 'store', label: t('palette.newCustomer'), href: '/customers?edit=new' });
    if (can('task.write')) {
      create.push({ key: 'new-plan', group: t('palette.create'), icon: 'plan', label: t('palette.newPlan'), href: tomorrow });
      create.push({ key: 'new-task', group: t('palette.create'), icon: 'task', label: t('palette.newTask'), href: '/tasks?create=1' });
    }
    if (can('org.write')) create.push({ key: 'new-employee', group: t('palette.create'), icon: 'user', label: t('palette.newEmployee'), href: '/people?person=new' });
    const fixed = [...go, ...create].filter((one) => typeof one.label === 'string' && fits(one.label));
    return q.trim() ? [...found.entries, ...fixed] : fixed;
  }, [me.permissions, objects, q, found.entries, t, shell, router]);

  useEffect(() => setAt(0), [q]);
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [at]);

  const open = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    void navigate({ href: entry.href });
  };

  let group = '';
  return (
    <Modal bare title={t('palette.label')} onClose={onClose} width={600}>
      <div className="palette-field">
        <Icon name="search" size={18} className="m3" />
        <input
          data-autofocus
          role="combobox"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={entries[at] ? `${listId}-${at}` : undefined}
          aria-label={t('palette.label')}
          placeholder={t('palette.placeholder')}
          value={q}
          onChange={(event) => setQ(event.target.value)}
          onKeyDown={(event) => {
            if (event.nativeEvent.isComposing) return;
            if (event.key === 'ArrowDown') setAt((old) => Math.min(old + 1, entries.length - 1));
            else if (event.key === 'ArrowUp') setAt((old) => Math.max(old - 1, 0));
            else if (event.key === 'Enter') open(entries[at]);
            else return;
            event.preventDefault();
          }}
        />
      </div>
      <ul className="palette-list" id={listId} ref={list} role="listbox" aria-label={t('palette.label')}>
        {entries.map((entry, index) => {
          const head = entry.group !== group ? entry.group : null;
          group = entry.group;
          return [
            head ? <li key={`h-${head}`} className="palette-group" role="presentation">{head}</li> : null,
            <li
              key={entry.key}
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === at}
              className="palette-item"
              onPointerMove={() => setAt(index)}
              onClick={() => open(entry)}
            >
              <Icon name={entry.icon} className="m3" />
              <span className="clip row g6">{entry.label}</span>
              {entry.detail ? <span className="end s12 m3 clip">{entry.detail}</span> : null}
            </li>,
          ];
        })}
      </ul>
      {entries.length === 0 && !found.loading ? <p className="palette-none">{t('palette.none', { q: q.trim() })}</p> : null}
      <p className="palette-hint">{t('palette.hint')}</p>
    </Modal>
  );
}

/** Matches from the server; each kind only for those who may read it. */
function useFound(q: string): { entries: Entry[]; loading: boolean } {
  const t = useT(kitText);
  const me = useMe();
  const format = useFormat();
  const on = q.length > 0;
  const can = (permission: string) => on && me.permissions.includes(permission);
  const query = { q, limit: SEARCH_LIMIT };
  const customers = useQuery({
    queryKey: ['customers', 'palette', q],
    queryFn: ({ signal }) => api.get<Page<Customer>>('/customers', { query, signal }),
    enabled: can('customer.read'),
    placeholderData: (old) => (on ? old : undefined),
  });
  const people = useQuery({
    queryKey: ['employees', 'palette', q],
    queryFn: ({ signal }) => api.get<Page<Employee>>('/employees', { query, signal }),
    enabled: can('org.read'),
    placeholderData: (old) => (on ? old : undefined),
  });
  const today = format.today();
  const tasks = useQuery({
    queryKey: ['tasks', 'palette', q, today],
    queryFn: ({ signal }) =>
      api.get<Page<Task>>('/tasks', { query: { ...query, day_from: addDays(today, -7), day_to: addDays(today, 7) }, signal }),
    enabled: can('task.read'),
    placeholderData: (old) => (on ? old : undefined),
  });
  const articles = useQuery({
    queryKey: ['knowledge', 'palette', q],
    queryFn: ({ signal }) => api.get<{ items: FoundArticle[] }>('/knowledge/search', { query, signal }),
    enabled: on,
    placeholderData: (old) => (on ? old : undefined),
  });
  const entries: Entry[] = [];
  if (on) {
    for (const one of customers.data?.items ?? []) {
      entries.push({
        key: one.id, group: t('palette.customers'), icon: 'store', href: `/customers/${one.id}`, detail: one.address ?? one.department.name,
        label: <><GradeTag grade={one.grade} /><span className="clip">{one.name}</span></>,
      });
    }
    for (const one of people.data?.items ?? []) {
      entries.push({ key: one.id, group: t('palette.people'), icon: 'user', label: one.name, href: `/people?person=${one.id}`, detail: format.dots([one.department.name, one.post]) });
    }
    for (const one of tasks.data?.items ?? []) {
      entries.push({
        key: one.id, group: t('palette.tasks'), icon: 'task', label: format.dots([one.customer.name, one.title]),
        href: `/tasks?task=${one.id}&from=${one.day}&to=${one.day}`, detail: `${format.dayWeek(one.day)} ${one.employee.name}`,
      });
    }
    for (const one of articles.data?.items ?? []) {
      entries.push({ key: one.id, group: t('palette.knowledge'), icon: 'book', label: <span className="clip">{one.title}</span>, href: `/knowledge/${one.id}`, detail: one.excerpt.map((part) => part.text).join('') });
    }
  }
  return { entries, loading: customers.isFetching || people.isFetching || tasks.isFetching || articles.isFetching };
}
