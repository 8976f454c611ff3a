import { useLiveQuery } from 'dexie-react-hooks';
import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { newId } from '@tashi/shared/api/id.ts';
import type { ObjectFace, ObjectRecordRow, SyncBodies } from '@tashi/shared/api';
import { type Answers, defaults, fill, prepare } from '@tashi/shared/forms/index.ts';
import { said } from '@tashi/shared/forms/said.ts';
import { useFormat, useLanguage, useT } from '@tashi/shared/i18n';
import { Icon, toast } from '@tashi/shared/ui';
import { iconNamed } from '@tashi/shared/ui/Icon.tsx';
import Dexie from 'dexie';
import { useCached } from '../../app/cached.ts';
import { useField, useOnline, useToday } from '../../app/context.tsx';
import { client } from '../../app/session.ts';
import { usePosition } from '../../location/here.ts';
import { Empty, Page } from '../../shell/Page.tsx';
import { Link, back, go } from '../../shell/router.tsx';
import { saving } from '../../shell/saving.ts';
import { type OutboxRow, db } from '../../sync/store.ts';
import { type Chosen, type ObjectDraft, keepFile, objectDraft, saveObjectDraft, submitObject } from '../../work/record.ts';
import type { LocalFile } from '../../work/visit.ts';
import { Choose } from '../approvals/Choose.tsx';
import { Sections } from '../form/Sections.tsx';
import { FormContext } from '../form/context.ts';
import '../form/form.css';
import { objectsText } from './text.ts';

/** One object as the phone carries it along; null when it may not be used any more. */
function useObject(key: string): ObjectFace | null {
  const { snapshot } = useField();
  return (snapshot?.objects ?? []).find((one) => one.key === key) ?? null;
}

function Gone() {
  const t = useT(objectsText);
  return <Page title={t('gone')} backTo="/new"><Empty title={t('gone')} text={t('goneText')} action={<Link to="/new" className="textlink">{t('toNew')}</Link>} /></Page>;
}

const bodyOf = (row: OutboxRow) => row.body as SyncBodies['object.create'];

/** What I recorded: what waits on this phone first, then what the server numbered. */
export function ObjectListScreen({ objectKey }: { objectKey: string }) {
  const object = useObject(objectKey);
  return object ? <ObjectList object={object} /> : <Gone />;
}

function ObjectList({ object }: { object: ObjectFace }) {
  const t = useT(objectsText);
  const f = useFormat();
  const language = useLanguage();
  const online = useOnline();
  const { owner } = useField();
  const name = said(object.name, language) || object.key;
  const reads = object.may.read !== 'none';
  const { data, refresh } = useCached(`objects/${object.key}`, () =>
    reads ? client.get<{ items: ObjectRecordRow[] }>('/objects/{key}/records', { params: { key: object.key }, query: { employee_id: owner, limit: 100 } }) : Promise.resolve({ items: [] }));
  const own = useLiveQuery(
    () => db.outbox.where('[owner+day]').between([owner, Dexie.minKey], [owner, Dexie.maxKey]).filter((row) => row.kind === 'object.create' && bodyOf(row).object_key === object.key && row.status !== 'set_aside').toArray(),
    [owner, object.key],
  );
  const draft = useLiveQuery(() => objectDraft(owner, object.key), [owner, object.key]);
  const known = data?.items ?? [];
  const fresh = (own ?? []).filter((row) => !known.some((one) => one.id === bodyOf(row).record_id)).reverse();
  const arrived = fresh.filter((row) => row.status === 'receipted').length;
  // What has just arrived has a number there.
  useEffect(() => {
    if (arrived > 0 && online && reads) void refresh();
  }, [arrived, online, reads, refresh]);
  return (
    <Page
      title={name} sub={t('mine')} backTo="/new"
      foot={object.may.create ? <button type="button" className="cta" onClick={() => go(`/objects/${object.key}/new`)}><Icon name={draft ? 'edit' : 'plus'} size={22} weight={2} />{t(draft ? 'go' : 'new')}</button> : null}
    >
      {fresh.length + known.length === 0 && data !== undefined ? <Empty title={t('none')} text={!online && data === null ? t('needNet') : object.may.create ? t('noneText') : null} /> : null}
      {fresh.length ? (
        <ul className="card list mx" style={{ marginTop: 8 }}>
          {fresh.map((row) => (
            <li key={row.id} className="li">
              <span className="ico"><Icon name={iconNamed(object.icon)} size={22} /></span>
              <span style={{ minWidth: 0 }}><b className="clip">{row.about || name}</b><span className={`d ${row.status === 'refused' ? 'fg-problem' : ''}`} style={{ display: 'block' }}>{row.status === 'receipted' ? t('arrived') : row.status === 'refused' ? row.refusal?.title ?? t('refused') : f.time(row.at)}</span></span>
              {row.status === 'receipted' ? <Icon name="cloudOk" size={20} className="fg-visit" /> : row.status === 'refused' ? <Link to="/me/sync" className="textlink">{t('toSync')}</Link> : <span className="tag">{t('waiting')}</span>}
            </li>
          ))}
        </ul>
      ) : null}
      {known.length ? (
        <ul className="card list mx" style={{ marginTop: 8 }}>
          {known.map((row) => (
            <li key={row.id} className="li">
              <span className="ico"><Icon name={iconNamed(object.icon)} size={22} /></span>
              <span style={{ minWidth: 0 }}><b className="clip">{row.title}</b><span className="d clip" style={{ display: 'block' }}>{f.dots([row.title === row.code ? null : row.code, f.dateTime(row.created_at)])}</span></span>
              <span />
            </li>
          ))}
        </ul>
      ) : null}
    </Page>
  );
}

/** Fills one in: every key is on the disk before the next one, and the same rules hold here as in the office. */
export function ObjectFormScreen({ objectKey }: { objectKey: string }) {
  const object = useObject(objectKey);
  const { owner } = useField();
  const begun = useLiveQuery(() => objectDraft(owner, objectKey).then((found) => ({ found })), [owner, objectKey]);
  const [first, setFirst] = useState<{ found: ObjectDraft | null } | null>(null);
  useEffect(() => {
    if (begun && !first) setFirst(begun);
  }, [begun, first]);
  if (!object || !object.may.create) return <Gone />;
  return first ? <Runner object={object} begun={first.found} /> : <div className="phone" />;
}

function Runner({ object, begun }: { object: ObjectFace; begun: ObjectDraft | null }) {
  const t = useT(objectsText);
  const language = useLanguage();
  const { owner, snapshot, session } = useField();
  const today = useToday();
  usePosition();
  const form = useMemo(() => prepare(object.spec), [object.spec]);
  const me = session.me.employee;
  // The same as the server makes of its own rows: an object is about no customer of its own.
  const around = useMemo(() => ({ customer: null, user: { id: me.id, name: me.name, department: me.department.name }, task: null, today }), [me, today]);
  const [record] = useState(() => begun?.record_id ?? newId());
  const [answers, setAnswers] = useState<Answers>(() => {
    const known = new Set(object.spec.fields.map((one) => one.key));
    return begun ? (Object.fromEntries(Object.entries(begun.answers).filter(([key]) => known.has(key))) as Answers) : defaults(form, around);
  });
  const [complained, setComplained] = useState(false);
  const [busy, setBusy] = useState(false);
  const shown = useDeferredValue(answers);
  const filled = useMemo(() => fill(form, shown, around), [form, shown, around]);
  const body = useRef<HTMLDivElement>(null);
  const latest = useRef(answers);
  const change = useCallback((next: Answers) => {
    latest.current = next;
    setAnswers(next);
    void saving(saveObjectDraft(owner, object.key, { record_id: record, answers: next, files: held.current }));
  }, [owner, object.key, record]);
  const [files, setFiles] = useState<LocalFile[]>(begun?.files ?? []);
  const held = useRef(files);
  const keep = useCallback(async (chosen: Chosen) => {
    const file = await keepFile(owner, chosen);
    held.current = [...held.current, file];
    setFiles(held.current);
    return file;
  }, [owner]);
  const context = useMemo(() => ({ visit: null, step: null, form, filled, customer: null, colleagues: snapshot?.colleagues ?? [], complained, files, keep }), [form, filled, snapshot, complained, files, keep]);
  const name = said(object.name, language) || object.key;

  const submit = async () => {
    const now = fill(form, latest.current, around);
    if (now.problems.length > 0) {
      setComplained(true);
      const first = now.problems[0]!.path;
      requestAnimationFrame(() => body.current?.querySelector(`[data-path="${CSS.escape(first)}"]`)?.scrollIntoView({ block: 'center' }));
      return;
    }
    setBusy(true);
    const title = object.title_field === null ? null : now.answers[object.title_field];
    const ok = await saving(submitObject(owner, object, { record_id: record, answers: latest.current, files: held.current }, typeof title === 'string' ? title : name));
    setBusy(false);
    if (!ok) return;
    toast(t('submitted'));
    back(`/objects/${object.key}`);
  };

  const wrong = filled.problems.length;
  return (
    <Page
      title={name} backTo={`/objects/${object.key}`}
      head={
        <div className="form-head">
          <span className={wrong > 0 && complained ? 'fg-problem' : 'm2'} role="status">{wrong > 0 ? t('left', { count: wrong }) : t('ready')}</span>
          <span className="end row g4 fg-visit"><Icon name="okCircle" size={15} weight={2} />{t('saved')}</span>
        </div>
      }
      foot={<button type="button" className="cta" disabled={busy} onClick={() => void submit()}><Icon name="check" size={22} weight={2} />{t('submit')}</button>}
    >
      <FormContext.Provider value={context}>
        <div className="form-body" ref={body}><Sections form={form} answers={answers} onChange={change} /><Choose kind="object" subject={object.id} place={`object/${object.key}`} /></div>
      </FormContext.Provider>
    </Page>
  );
}
