import { useNavigate, useSearch } from '@tanstack/react-router';
import type { AuditEntry } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { useMemo, useState } from 'react';
import { DataPage } from '../../kit/DataPage';
import type { Column } from '../../kit/DataTable';
import { FilterSelect } from '../../kit/FilterBar';
import { useActiveEmployees, useOptions } from '../../kit/refs';
import { Modal } from '../../kit/Modal';
import { useList } from '../../kit/useList';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { AUDIT_KINDS, auditChanges, auditKindText, auditLines, auditSentence, auditText, isAuditKind } from './auditWords';
import type { SettingsSearch } from './search';
import { settingsText } from './text';

const FILTERS = ['actor', 'kind'];
const key = (row: AuditEntry) => row.id;
const name = (row: AuditEntry) => row.action;

/** The audit log, newest first. */
export function AuditPanel() {
  const t = useT(settingsText);
  const words = useT(auditText);
  const kinds = useT(auditKindText);
  const format = useFormat();
  const [open, setOpen] = useState<AuditEntry | null>(null);
  const navigate = useNavigate();
  const search = useSearch({ from: '/shell/settings' });
  const patch = useSearchPatch<SettingsSearch>();
  const people = useOptions(useActiveEmployees().data);
  const list = useList<AuditEntry>(['audit'], '/audit', { actor_id: search.actor, object_kind: search.kind });

  const columns = useMemo<Column<AuditEntry>[]>(
    () => [
      { key: 'at', title: t('audit.when'), fixed: true, width: 132, render: (row) => <span title={format.timeSeconds(row.at)}>{format.dateTime(row.at)}</span> },
      { key: 'actor', title: t('audit.actor'), width: 110, render: (row) => row.actor?.name ?? <span className="m3" title={row.job ?? undefined}>{t('audit.system')}</span> },
      { key: 'summary', title: t('audit.action'), fixed: true, render: (row) => auditSentence(words, row.action, row.summary) },
      { key: 'kind', title: t('audit.object'), width: 110, render: (row) => (isAuditKind(row.object_kind) ? kinds(row.object_kind) : row.object_kind) },
      { key: 'action', title: 'action', width: 160, optional: true, render: (row) => <code className="mono s11">{row.action}</code> },
    ],
    [t, words, kinds, format],
  );

  return (
    <DataPage
      id="audit"
      label={t('audit')}
      list={list}
      rowKey={key}
      rowName={name}
      rowHeight={36}
      onOpen={setOpen}
      columns={columns}
      filtered={!!(search.actor || search.kind)}
      onClearFilters={() => void navigate({ to: '/settings/$section', params: { section: 'audit' }, search: {} })}
      filterKeys={FILTERS}
      bar={
        <>
          <h2 className="s14 w7">{t('audit')}</h2>
          <span className="m3 s12">{t('audit.intro')}</span>
          <span className="sp" />
          <FilterSelect label={t('audit.actor')} value={search.actor} options={people} onChange={(actor) => patch({ actor })} width={150} />
          <FilterSelect
            label={t('audit.object')}
            value={search.kind}
            options={AUDIT_KINDS.map((one) => ({ value: one, label: kinds(one) }))}
            onChange={(kind) => patch({ kind })}
            width={150}
          />
        </>
      }
      empty={<p>{t('audit.empty')}</p>}
    >
      {open ? <AuditDetail entry={open} onClose={() => setOpen(null)} /> : null}
    </DataPage>
  );
}

function AuditDetail({ entry, onClose }: { entry: AuditEntry; onClose(): void }) {
  const t = useT(settingsText);
  const words = useT(auditText);
  const format = useFormat();
  const lines = auditLines(auditChanges(entry.summary));
  return (
    <Modal title={auditSentence(words, entry.action, entry.summary)} onClose={onClose} width={560}>
      <p className="m2" style={{ marginBottom: 12 }}>
        {format.dots([`${format.day(format.dayOf(entry.at))} ${format.timeSeconds(entry.at)}`, entry.actor?.name ?? t('audit.system')])}
      </p>
      <h3 className="s14 w7">{t('audit.detail')}</h3>
      {lines.length === 0 ? <p className="m2">{t('audit.noDetail')}</p> : null}
      <dl className="dl" style={{ marginTop: 8, overflowWrap: 'anywhere' }}>
        {lines.map(([path, value]) => [
          <dt key={`${path}-t`} className="mono">{path}</dt>,
          <dd key={`${path}-d`}>{value}</dd>,
        ])}
      </dl>
    </Modal>
  );
}
