import { closestCenter, DndContext, KeyboardSensor, PointerSensor, useDraggable, useDroppable, useSensor, useSensors, type DragEndEvent } from '@dnd-kit/core';
import { SortableContext, sortableKeyboardCoordinates, useSortable, verticalListSortingStrategy } from '@dnd-kit/sortable';
import { toProblem, type FormPage, type SpecFault } from '@tashi/shared/api';
import type { Field, FormSpec } from '@tashi/shared/forms/index.ts';
import { said } from '@tashi/shared/forms/said.ts';
import { useFormat, useLanguage, useT } from '@tashi/shared/i18n';
import { Icon, toast } from '@tashi/shared/ui';
import { useCallback, useReducer, useState, type KeyboardEvent } from 'react';
import { createPortal } from 'react-dom';
import { useCan } from '../../app/session';
import { Modal } from '../../kit/Modal';
import { ProblemView } from '../../kit/ProblemView';
import { useLogicWords } from '../logic/useLogicWords';
import { useSubjects } from '../logic/useSubjects';
import { KIND_ICON } from './kinds';
import { Preview } from './Preview';
import { Properties } from './Properties';
import {
  PALETTE, begun, fieldAt, groupsOf, insertField, insertSection, moveTo, newField, nudge, redone, removeField, removeSection, stepped, titleSection, undone,
  type History, type PaletteKind,
} from './spec';
import { designerText } from './text';
import { useAutosave, type Autosave } from './useAutosave';
import { usePatchForm, usePublish } from './useForms';
import { Difference } from './VersionsTab';

type Act = { do: 'change'; spec: FormSpec; tag: string | null } | { do: 'undo' | 'redo' } | { do: 'load'; spec: FormSpec };

function historyAfter(history: History, act: Act): History {
  if (act.do === 'change') return stepped(history, act.spec, act.tag);
  if (act.do === 'load') return begun(act.spec);
  return act.do === 'undo' ? undone(history) : redone(history);
}

const NONE: ReadonlySet<PaletteKind> = new Set();

/** Palette, content, properties and the phone beside each other; every change is kept by itself. */
export function Designer({ form, tools, onReload, without = NONE, publishInfo }: {
  form: FormPage; tools: HTMLElement | null; onReload(): void;
  /** Kinds that are not offered here. */
  without?: ReadonlySet<PaletteKind>;
  /** Said before publishing, instead of what holds for plans. */
  publishInfo?: string;
}) {
  const t = useT(designerText);
  const language = useLanguage();
  const canWrite = useCan('form.write');
  const [history, act] = useReducer(historyAfter, form.draft, begun<FormSpec>);
  const spec = history.now;
  const [selected, setSelected] = useState<string | null>(form.draft.fields[0]?.key ?? null);
  const patch = usePatchForm(form.id);
  const draft = useAutosave<FormSpec, SpecFault>(form, spec, (version, draft) => patch.mutateAsync({ version, spec: draft }), canWrite);
  const [publishing, setPublishing] = useState(false);
  const change = useCallback((next: FormSpec, tag: string | null = null) => act({ do: 'change', spec: next, tag }), []);
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );

  const top = selected?.split('.')[0] ?? null;
  const add = (kind: PaletteKind, after: string | null) => {
    if (kind === 'section') return change(insertSection(spec, { 'zh-CN': '新分组', en: 'New group' }, after));
    const names = { 'zh-CN': designerText.zh[`kind.${kind}`] as string, en: designerText.en[`kind.${kind}`] as string };
    const field = newField(kind, names, new Set(spec.fields.map((f) => f.key)));
    change(insertField(spec, field, after));
    setSelected(field.key);
  };
  const ended = ({ active, over }: DragEndEvent) => {
    const from = String(active.id);
    if (from.startsWith('new:')) {
      if (over) add(from.slice(4) as PaletteKind, over.id === EMPTY ? null : String(over.id));
    } else if (over && over.id !== active.id && over.id !== EMPTY) change(moveTo(spec, from, String(over.id)));
  };
  const keys = (event: KeyboardEvent) => {
    const typing = (event.target as Element).closest('input, textarea, select, [contenteditable]');
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'z' && !typing) {
      event.preventDefault();
      act({ do: event.shiftKey ? 'redo' : 'undo' });
    } else if (event.altKey && selected && !typing && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      event.preventDefault();
      change(nudge(spec, selected, event.key === 'ArrowUp' ? -1 : 1));
    } else if (event.key === 'Delete' && selected && !typing && canWrite) remove(selected);
  };
  const remove = (path: string) => {
    change(removeField(spec, path));
    setSelected(path.includes('.') ? path.split('.')[0]! : null);
  };
  const sentence = useLogicWords(useSubjects(spec));
  const next = (form.published ?? 0) + 1;
  const stale = draft.problem !== null && toProblem(draft.problem).code === 'version.conflict';
  const field = selected ? fieldAt(spec, selected) : undefined;
  return (
    <div className="designer" onKeyDown={keys}>
      {tools ? createPortal(<Tools form={form} history={history} draft={draft} next={next} canWrite={canWrite} onUndo={() => act({ do: 'undo' })} onRedo={() => act({ do: 'redo' })} onPublish={() => setPublishing(true)} />, tools) : null}
      {!canWrite ? <p className="designer-note m2"><Icon name="lock" size={14} /> {t('readOnly')}</p> : null}
      {draft.problem ? (
        <div className="designer-note">
          {stale ? <p className="row g6 fg-problem" role="alert">{t('stale')}<button type="button" className="btn sm" onClick={onReload}>{t('reload')}</button></p> : <ProblemView error={draft.problem} compact onRetry={draft.save} />}
        </div>
      ) : null}
      <DndContext sensors={sensors} collisionDetection={closestCenter} onDragEnd={ended} accessibility={{ screenReaderInstructions: { draggable: t('canvasHelp') } }}>
        {canWrite ? <Palette without={without} onAdd={(kind) => add(kind, top)} /> : <span />}
        <main className="canvas" aria-label={t('canvas')}>
          <SortableContext items={spec.fields.map((f) => f.key)} strategy={verticalListSortingStrategy}>
            {groupsOf(spec).map((group, k) => (
              <section key={k} className="canvas-group">
                {spec.sections?.length ? (
                  <div className="canvas-head">
                    <input className="plain-input" aria-label={`${t('sectionTitle')} ${k + 1}`} value={said(group.title, language)} disabled={!canWrite} onChange={(e) => change(titleSection(spec, k, { ...group.title, [language === 'en' ? 'en' : 'zh-CN']: e.target.value }), `section ${k}`)} />
                    {canWrite ? <button type="button" className="icb tiny" aria-label={`${t('removeSection')} ${k + 1}`} title={t('removeSection')} onClick={() => change(removeSection(spec, k))}><Icon name="close" size={13} /></button> : null}
                  </div>
                ) : null}
                <ul>
                  {group.fields.map((key) => {
                    const one = spec.fields.find((f) => f.key === key);
                    return one ? <CanvasField key={key} field={one} when={one.visible ? sentence(one.visible) : null} selected={selected} faults={draft.faults} canWrite={canWrite} onSelect={setSelected} /> : null;
                  })}
                </ul>
              </section>
            ))}
          </SortableContext>
          {spec.fields.length === 0 ? <EmptyCanvas /> : null}
        </main>
      </DndContext>
      <aside className="properties" aria-label={t('properties')} tabIndex={0}>
        {field && selected
          ? <Properties key={selected} spec={spec} path={selected} field={field} faults={draft.faults.filter((one) => one.path === selected)} canWrite={canWrite} onChange={change} onSelect={setSelected} onRemove={() => remove(selected)} />
          : <p className="m3 drawer-pad">{t('noSelection')}</p>}
      </aside>
      <Preview spec={spec} selected={top} />
      {publishing ? <PublishDialog form={form} next={next} version={draft.version} info={publishInfo} onClose={() => setPublishing(false)} /> : null}
    </div>
  );
}

function Tools({ form, history, draft, next, canWrite, onUndo, onRedo, onPublish }: {
  form: FormPage; history: History; draft: Autosave<SpecFault>; next: number; canWrite: boolean; onUndo(): void; onRedo(): void; onPublish(): void;
}) {
  const t = useT(designerText);
  const format = useFormat();
  const n = draft.faults.length;
  const saved = draft.state === 'saved';
  if (!canWrite) return null;
  return (
    <>
      <span className="s12 m3" role="status">{saved ? t('saved', { time: format.time(form.changed_at) }) : t(draft.state === 'saving' ? 'saving' : 'notSaved')}</span>
      <button type="button" className="icb" aria-label={t('undo')} title={`${t('undo')} (Ctrl+Z)`} disabled={history.past.length === 0} onClick={onUndo}><Icon name="undo" /></button>
      <button type="button" className="icb" aria-label={t('redo')} title={`${t('redo')} (Ctrl+Shift+Z)`} disabled={history.future.length === 0} onClick={onRedo}><Icon name="redo" /></button>
      <span className={`st ${n ? 'late' : 'visit'}`} role="status"><Icon name={n ? 'warn' : 'okCircle'} size={14} weight={2} />{n ? t('faults', { count: n }) : t('noFaults')}</span>
      <button type="button" className="btn pri" disabled={!saved || n > 0 || !form.changed} title={saved && n === 0 && !form.changed ? t('nothingNew') : undefined} onClick={onPublish}>{t('publishNext', { n: next })}</button>
    </>
  );
}

function Palette({ without, onAdd }: { without: ReadonlySet<PaletteKind>; onAdd(kind: PaletteKind): void }) {
  const t = useT(designerText);
  return (
    <nav className="form-palette" aria-label={t('palette')}>
      {Object.entries(PALETTE).map(([group, kinds]) => (
        <section key={group}>
          <h2>{t(`group.${group as keyof typeof PALETTE}`)}</h2>
          <div className="form-palette-kinds">{kinds.filter((kind) => !without.has(kind)).map((kind) => <PaletteItem key={kind} kind={kind} onAdd={onAdd} />)}</div>
        </section>
      ))}
      <p className="s12 m3">{t('paletteHint')}</p>
    </nav>
  );
}

function PaletteItem({ kind, onAdd }: { kind: PaletteKind; onAdd(kind: PaletteKind): void }) {
  const t = useT(designerText);
  const { listeners, setNodeRef } = useDraggable({ id: `new:${kind}` });
  // Only the mouse drags from here: by keyboard, Enter adds it behind the chosen field.
  return (
    <button type="button" ref={setNodeRef} className="form-palette-item" onPointerDown={listeners?.onPointerDown as never} onClick={() => onAdd(kind)}>
      <Icon name={KIND_ICON[kind] ?? 'text'} size={15} />{t(`kind.${kind}`)}
    </button>
  );
}

/** Where the first field is dropped. */
const EMPTY = 'empty canvas';

function EmptyCanvas() {
  const t = useT(designerText);
  const { setNodeRef, isOver } = useDroppable({ id: EMPTY });
  return <p ref={setNodeRef} className={`canvas-empty m3${isOver ? ' over' : ''}`}>{t('dropHere')}</p>;
}

function CanvasField({ field, when, selected, faults, canWrite, onSelect }: { field: Field; when: string | null; selected: string | null; faults: readonly SpecFault[]; canWrite: boolean; onSelect(path: string): void }) {
  const t = useT(designerText);
  const language = useLanguage();
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } = useSortable({ id: field.key, disabled: !canWrite });
  const name = said(field.label, language) || t('untitled');
  const wrong = faults.some((one) => one.path === field.key);
  return (
    <li ref={setNodeRef} className={`canvas-field${selected === field.key ? ' on' : ''}${wrong ? ' wrong' : ''}${isDragging ? ' dragging' : ''}`} style={{ transform: transform ? `translateY(${transform.y}px)` : undefined, transition }}>
      {when ? <p className="canvas-when s12">{t('shownWhen', { condition: when })}</p> : null}
      <div className="row g6">
        {canWrite ? <button type="button" ref={setActivatorNodeRef} className="icb tiny canvas-grip" aria-label={t('drag', { name })} {...attributes} {...listeners}><Icon name="grip" size={14} /></button> : null}
        <button type="button" className="canvas-name" aria-pressed={selected === field.key} aria-label={t('select', { name })} onClick={() => onSelect(field.key)}>
          <Icon name={KIND_ICON[field.calc === undefined ? field.type : 'computed'] ?? 'text'} size={15} className="m3" />
          <span className="clip sp">{name}{field.required ? <span className="fg-problem"> *</span> : null}</span>
          <span className="mono m3 s12 clip">{field.calc ?? field.key}</span>
        </button>
      </div>
      {field.type === 'table' ? (
        <ul className="canvas-columns">
          {field.fields.map((one) => {
            const path = `${field.key}.${one.key}`;
            return (
              <li key={one.key}>
                <button type="button" className={`canvas-column${selected === path ? ' on' : ''}${faults.some((f) => f.path === path) ? ' wrong' : ''}`} aria-pressed={selected === path} aria-label={t('openColumn', { name: said(one.label, language) })} onClick={() => onSelect(path)}>
                  <Icon name={KIND_ICON[one.calc === undefined ? one.type : 'computed'] ?? 'text'} size={13} />{said(one.label, language) || t('untitled')}
                </button>
              </li>
            );
          })}
        </ul>
      ) : null}
    </li>
  );
}

function PublishDialog({ form, next, version, info, onClose }: { form: FormPage; next: number; version: { current: number }; info?: string; onClose(): void }) {
  const t = useT(designerText);
  const publish = usePublish(form.id);
  const [note, setNote] = useState('');
  const run = () => publish.mutate({ version: version.current, note }, {
    onSuccess: (page) => {
      version.current = page.version;
      toast(t('publishedToast', { n: page.published ?? next }));
      onClose();
    },
  });
  return (
    <Modal title={t('publishTitle', { n: next })} onClose={onClose} foot={<><button type="button" className="btn" onClick={onClose}>{t('cancel')}</button><button type="button" className="btn pri" disabled={publish.isPending} onClick={run}>{t('publishDo')}</button></>}>
      <div className="stack publish">
        {form.published === null ? <p>{t('firstVersion')}</p> : <Difference id={form.id} from={form.published} to={null} />}
        <label className="stack"><span className="s12 m2">{t('publishNote')}</span><input className="plain-input" data-autofocus value={note} maxLength={200} onChange={(e) => setNote(e.target.value)} /></label>
        <p className="s12 m3">{info ?? t('publishInfo')}</p>
        {publish.error ? <ProblemView error={publish.error} compact /> : null}
      </div>
    </Modal>
  );
}
