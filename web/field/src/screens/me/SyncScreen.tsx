import { useLiveQuery } from 'dexie-react-hooks';
import { useEffect, useState } from 'react';
import type { TrackFix } from '@tashi/shared/api';
import { useFormat, useNow, useT } from '@tashi/shared/i18n';
import { Icon, type IconName, RecordBadge, type RecordState, RequestId, toast } from '@tashi/shared/ui';
import { bytesText } from '@tashi/shared/i18n/bytes.ts';
import { download } from '../../app/bytes.ts';
import { useField, useSync, useToday } from '../../app/context.tsx';
import { seal } from '../../location/tracker.ts';
import { Page } from '../../shell/Page.tsx';
import { go } from '../../shell/router.tsx';
import { drain } from '../../sync/drain.ts';
import { isUnsent } from '../../sync/entry.ts';
import { type OutboxRow, db, exportFile, getKey, retry, setAside } from '../../sync/store.ts';
import { meText } from './text.ts';

/** Is anything lost, must I do something? */
export function SyncScreen() {
  const t = useT(meText);
  const f = useFormat();
  const now = useNow(10_000);
  const { owner } = useField();
  const day = useToday();
  const { online, flying } = useSync();
  const today = useLiveQuery(() => db.outbox.where('[owner+day]').equals([owner, day]).filter((row) => row.lane !== 'fixes').toArray(), [owner, day]) ?? [];
  const open = useLiveQuery(() => db.outbox.where('[owner+status]').anyOf([[owner, 'queued'], [owner, 'open'], [owner, 'refused']]).sortBy('seq'), [owner]) ?? [];
  const others = useLiveQuery(() => db.outbox.filter((row) => row.owner !== owner && isUnsent(row)).count(), [owner]) ?? 0;
  const offlineSince = useLiveQuery(() => getKey('offline_since').then((at) => at ?? null), []);
  const refused = open.filter((row) => row.status === 'refused');
  const waiting = open.filter((row) => row.status !== 'refused');
  const count = waiting.filter((row) => row.lane !== 'fixes').length + (waiting.some((row) => row.lane === 'fixes') ? 1 : 0);
  const groups = groupsOf(waiting);
  const bytes = waiting.reduce((sum, row) => sum + row.size, 0);
  const oldest = Math.min(...waiting.map((row) => Date.parse(row.at)));
  const offlineMin = offlineSince ? Math.floor((Date.now() - offlineSince) / 60_000) : 0;
  const stateOf = (rows: readonly OutboxRow[]): RecordState => (rows.some((row) => flying.ids.includes(row.id)) ? 'uploading' : online ? 'local' : 'waiting');
  const send = () => void seal(owner, true).then(() => drain(true));
  const receipted = today.filter((row) => row.status === 'receipted').length;

  return (
    <Page
      title={t('sync')} backTo="/me"
      foot={
        !online ? <button type="button" className="cta quiet" aria-disabled="true"><Icon name="sync" size={20} />{t('noNetwork')}</button>
        : waiting.length === 0 ? <button type="button" className="cta quiet" onClick={send}><Icon name="cloudOk" size={20} />{t('nothing')}</button>
        : <button type="button" className="cta" onClick={send}><Icon name="sync" size={20} weight={2} />{t(flying.ids.length > 0 ? 'syncingNow' : 'syncNow')}</button>
      }
    >
      {!online ? <div className="say late mx" role="status"><Icon name="noNetwork" size={24} weight={2} /><div><b>{offlineMin > 0 ? t('offlineFor', { minutes: offlineMin }) : t('offlineNow')}</b>{t('offlineText')}</div></div> : null}
      <section className="card mx" style={{ marginTop: online ? 4 : 10 }}>
        <div className="tri">
          <div><b>{today.length}</b><span>{t('recorded')}</span></div><Icon name="right" size={20} className="m3" />
          <div><b className={today.some((row) => row.status !== 'receipted') ? 'fg-late' : 'fg-visit'}>{today.filter((row) => row.sent === 1 || row.status === 'receipted').length}</b><span>{t('sentOut')}</span></div><Icon name="right" size={20} className="m3" />
          <div><b className="fg-visit">{receipted}</b><span>{t('receipted')}</span></div>
        </div>
        <p className="row g6" style={{ borderTop: '1px solid var(--line)', padding: '9px 14px', font: '13px/18px var(--font)', color: 'var(--ink-2)' }}><Icon name="shield" size={16} className="fg-visit" />{open.length === 0 && today.length > 0 ? t('allDone', { count: receipted }) : t('keepRule')}</p>
      </section>
      {refused.length > 0 ? (
        <>
          <h2 className="h3 fg-problem">{t('needYou', { count: refused.length })}</h2>
          <ul className="card list mx" style={{ borderColor: 'var(--problem-mark)' }}>{refused.map((row) => <Refused key={row.id} row={row} />)}</ul>
        </>
      ) : null}
      {groups.length > 0 ? (
        <>
          <h2 className="h3">{t('waiting', { count })}{bytes > 0 ? <span className="end">{t('size', { size: bytesText(bytes) })}</span> : null}</h2>
          <ul className="card list mx">{groups.map((group) => <GroupRow key={group.key} group={group} state={stateOf(group.rows)} />)}</ul>
        </>
      ) : null}
      {others > 0 ? <div className="say mx" style={{ marginTop: 12 }}><Icon name="users" size={22} /><div><b>{t('othersTitle')}</b>{t('othersText', { count: others })}</div></div> : null}
      {now - oldest > 86_400_000 || refused.length > 0 ? (
        <div className="mx" style={{ paddingTop: 12 }}>
          {now - oldest > 86_400_000 ? <p className="say late" style={{ marginBottom: 8 }}><Icon name="clock" size={22} />{t('exportOld')}</p> : null}
          <button type="button" className="chipbtn" style={{ width: '100%' }} onClick={() => void exportFile(owner).then((file) => download(file, `tashi-${f.today()}.json`))}><Icon name="download" size={18} />{t('export')}</button>
        </div>
      ) : null}
      <Storage />
    </Page>
  );
}

interface Group {
  key: string;
  kind: 'visit' | 'photos' | 'files' | 'fixes' | 'item';
  rows: OutboxRow[];
}

/** Records of a visit as one line, its files as another, positions as one. */
function groupsOf(rows: readonly OutboxRow[]): Group[] {
  const groups = new Map<string, Group>();
  for (const row of rows) {
    const kind = row.lane === 'fixes' ? 'fixes' : row.kind === 'file' ? 'files' : row.lane === 'upload' ? 'photos' : row.visit_id ? 'visit' : 'item';
    const key = kind === 'fixes' ? 'fixes' : kind === 'files' ? `file/${row.id}` : kind === 'item' ? `item/${row.kind}/${row.about}` : `${kind}/${row.visit_id}`;
    const group = groups.get(key) ?? { key, kind, rows: [] };
    group.rows.push(row);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function GroupRow({ group: { kind, rows }, state }: { group: Group; state: RecordState }) {
  const t = useT(meText);
  const f = useFormat();
  const first = rows[0];
  const photo = useLiveQuery(async () => (kind === 'photos' && first?.visit_id ? (await db.visits.get(first.visit_id))?.photos.find((p) => p.id === first.id)?.thumb : undefined), [kind, first?.id]);
  if (!first) return null;
  const fixes = kind === 'fixes' ? rows.flatMap((row) => (row.body as { fixes: TrackFix[] }).fixes) : [];
  const kinds = f.names([...new Set(rows.map((row) => t(`kind.${row.kind}`)))]);
  const icon: IconName = kind === 'fixes' ? 'track' : kind === 'photos' ? 'camera' : kind === 'visit' ? 'visit' : 'file';
  const title = kind === 'fixes' ? t('pointsCount', { count: fixes.length }) : kind === 'photos' ? t('photosCount', { count: rows.length }) : kind === 'visit' ? t('visitOf', { name: first.about }) : first.about ? t('kindOf', { kind: kinds, name: first.about }) : kinds;
  const detail =
    kind === 'fixes' ? t('pointsFrom', { from: f.time(fixes[0]?.t), to: f.time(fixes[fixes.length - 1]?.t) })
    : kind === 'photos' ? t('photoTaken', { size: bytesText(rows.reduce((sum, row) => sum + row.size, 0)), time: f.time(first.at) })
    : kind === 'files' ? f.dots([bytesText(first.size), f.time(first.at)])
    : kind === 'visit' ? kinds : f.time(first.at);
  return (
    <li className="li">
      {photo ? <img className="ico" src={photo} alt="" /> : <span className="ico"><Icon name={icon} size={22} /></span>}
      <span style={{ minWidth: 0 }}><b className="clip">{title}</b><span className="d clip" style={{ display: 'block' }}>{detail}</span></span>
      <RecordBadge state={state} />
    </li>
  );
}

function Refused({ row }: { row: OutboxRow }) {
  const t = useT(meText);
  const f = useFormat();
  const kind = t(`kind.${row.kind}`);
  const { refusal } = row;
  const reason = refusal?.code === 'local.file_gone' ? t('localGone') : refusal?.code === 'upload.hash_mismatch' ? t('localHash') : f.saying([refusal?.title, refusal?.detail]) || refusal?.code;
  return (
    <li style={{ padding: '10px 14px' }}>
      <div className="li" style={{ padding: 0 }}>
        <span className="ico" style={{ background: 'var(--problem-soft)', color: 'var(--problem)' }}><Icon name="warn" size={22} weight={2} /></span>
        <span style={{ minWidth: 0 }}><b>{row.about ? t('kindOf', { kind, name: row.about }) : kind}</b><span className="d" style={{ display: 'block' }}>{reason}<RequestId id={refusal?.request_id ?? row.id} label={refusal?.request_id ? undefined : t('recordId', { id: row.id })} className="textlink id" /></span></span>
        <RecordBadge state="problem" />
      </div>
      <div className="row" style={{ flexWrap: 'wrap', paddingTop: 8 }}>
        <button type="button" className="chipbtn" onClick={() => void retry(row.id).then(() => drain(true)).then(() => toast(t('retried')))}>{t('retry')}</button>
        {row.visit_id ? <button type="button" className="chipbtn" onClick={() => go(`/visit/${row.visit_id}`)}>{t('openVisit')}</button> : null}
        <button type="button" className="chipbtn" style={{ borderColor: 'var(--line-strong)', color: 'var(--ink-2)' }} onClick={() => void setAside(row.id).then(() => toast(t('asideDone')))}>{t('setAside')}</button>
      </div>
    </li>
  );
}

function Storage() {
  const t = useT(meText);
  const [estimate, setEstimate] = useState<{ usage: number; quota: number } | null>(null);
  const [persisted, setPersisted] = useState<boolean | null>(null);
  useEffect(() => {
    void navigator.storage?.estimate?.().then(({ usage = 0, quota = 0 }) => setEstimate({ usage, quota }));
    void navigator.storage?.persisted?.().then(setPersisted);
  }, []);
  const ask = async () => {
    const yes = await navigator.storage.persist();
    setPersisted(yes);
    toast(yes ? t('persisted') : t('persistNo'));
  };
  return (
    <>
      {persisted === false ? (
        <div className="say late mx" style={{ marginTop: 12 }}>
          <Icon name="shield" size={22} />
          <div style={{ flex: 1 }}><b>{t('persistTitle')}</b>{t('persistText')}<div style={{ paddingTop: 8 }}><button type="button" className="chipbtn" onClick={() => void ask()}>{t('persistDo')}</button></div></div>
        </div>
      ) : null}
      {estimate && estimate.quota > 0 ? (
        <div style={{ padding: '12px 20px 20px' }}>
          <div className="row m2" style={{ font: '13px/18px var(--font)' }}><span>{t('used', { used: bytesText(estimate.usage) })}</span><span className="end m3">{t('free', { free: bytesText(estimate.quota - estimate.usage) })}</span></div>
          <div className="pb" style={{ marginTop: 7, height: 6 }} role="meter" aria-label={t('storage')} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round((100 * estimate.usage) / estimate.quota)}><i style={{ width: `${Math.max(1.5, (100 * estimate.usage) / estimate.quota)}%` }} /></div>
        </div>
      ) : null}
    </>
  );
}
