import type { DivideBy, Division, DivisionQuestion } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { TashiMap, useBasemap } from '@tashi/shared/map';
import { Icon, SkeletonRows, toast } from '@tashi/shared/ui';
import { InputNumber, Slider } from 'antd';
import { useEffect, useMemo, useState } from 'react';
import { AskReason } from '../../kit/AskReason';
import { FilterSelect } from '../../kit/FilterBar';
import { ProblemView } from '../../kit/ProblemView';
import { useActiveEmployees, useDepartmentOptions } from '../../kit/refs';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { Consequences } from './Consequences';
import { MovedLegend, useDivisionMarks } from './divisionMarks';
import type { TerritoriesSearch } from './search';
import { territoriesText } from './text';
import { useDots, usePreview, useTakeOver } from './useTerritories';

/** A question is asked so long after the last change of it. */
const PAUSE_MS = 500;
const HOWS: DivideBy[] = ['work', 'territories'];

/** Who is to have which customers: asked at the left, shown on the map, its consequences below. Nothing changes until it is taken over. */
export function DivideTab() {
  const t = useT(territoriesText);
  const basemap = useBasemap();
  const asked = useQuestion();
  const [question, setQuestion] = useState<DivisionQuestion | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setQuestion(asked.question), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [asked.question]);
  const preview = usePreview(question);
  const division = question && !preview.error ? preview.data : undefined;
  const busy = preview.isFetching || question !== asked.question;
  const marks = useDivisionMarks(division);
  const [taking, setTaking] = useState(false);
  return (
    <div className="terr-body">
      <section className="terr-side" aria-label={t('tab.divide')}>
        <QuestionForm asked={asked} />
        {preview.error && question ? <div className="terr-pad"><ProblemView error={preview.error} onRetry={preview.refetch} compact /></div> : null}
        {preview.isFetching && !division ? <><p className="terr-pad m2" role="status">{t('computing')}</p><SkeletonRows rows={5} height={40} /></> : null}
        {!asked.question ? <p className="terr-pad m2">{t('peopleNeed')}</p> : null}
        {division ? (
          <div className={busy ? 'terr-result busy' : 'terr-result'} aria-busy={busy}>
            <Consequences division={division} />
          </div>
        ) : null}
        {division ? (
          <div className="map-foot">
            <button type="button" className="btn pri" disabled={busy || !division.moves.length} onClick={() => setTaking(true)}><Icon name="check" size={15} />{t('takeOver')}</button>
            <span className="m2 s12">{division.moves.length ? t('moves', { count: division.moves.length }) : t('movesNone')}</span>
          </div>
        ) : null}
      </section>
      <TashiMap className="terr-map" basemap={basemap} marks={marks} label={t('map')} fit={{ key: division ? 'division' : 'none', maxZoom: 14 }} legend={division?.moves.length ? <MovedLegend /> : undefined} />
      {taking && division ? <TakeOver division={division} onClose={() => setTaking(false)} /> : null}
    </div>
  );
}

interface Asked {
  by: DivideBy;
  setBy(by: DivideBy): void;
  department: string | undefined;
  setDepartment(id: string | undefined): void;
  candidates: readonly { id: string; name: string; department: { id: string } }[];
  chosen: ReadonlySet<string>;
  choose(ids: readonly string[]): void;
  hours: Readonly<Record<string, number>>;
  setHours(id: string, hours: number | null): void;
  keep: number;
  setKeep(keep: number): void;
  others: boolean;
  setOthers(others: boolean): void;
  question: DivisionQuestion | null;
}

/** The question as it stands; those who own customers today take part to begin with. */
function useQuestion(): Asked {
  const employees = useActiveEmployees();
  const points = useDots();
  const [by, setBy] = useState<DivideBy>('work');
  const [department, setDepartment] = useState<string>();
  const [picked, setPicked] = useState<ReadonlySet<string> | null>(null);
  const [hours, setAllHours] = useState<Record<string, number>>({});
  const [keep, setKeep] = useState(50);
  const [others, setOthers] = useState(false);
  const candidates = useMemo(() => employees.data ?? [], [employees.data]);
  const owners = useMemo(() => new Set((points.data?.items ?? []).map((one) => one.owner_id)), [points.data]);
  const chosen = useMemo(
    () => picked ?? new Set(candidates.filter((one) => owners.has(one.id) && (!department || one.department.id === department)).map((one) => one.id)),
    [picked, candidates, owners, department],
  );
  const question = useMemo<DivisionQuestion | null>(() => {
    const people = candidates.filter((one) => chosen.has(one.id)).map((one) => ({ employee_id: one.id, ...(hours[one.id] ? { hours: hours[one.id] } : {}) }));
    if (by === 'work' && !people.length) return null;
    return { by, ...(department ? { department_id: department } : {}), people: by === 'work' ? people : [], keep, others };
  }, [by, department, candidates, chosen, hours, keep, others]);
  return {
    by, setBy, department,
    setDepartment: (id) => {
      setDepartment(id);
      setPicked(null);
    },
    candidates, chosen, choose: (ids) => setPicked(new Set(ids)), hours,
    setHours: (id, value) => setAllHours(({ [id]: _, ...rest }) => (value ? { ...rest, [id]: value } : rest)),
    keep, setKeep, others, setOthers, question,
  };
}

function QuestionForm({ asked }: { asked: Asked }) {
  const t = useT(territoriesText);
  const departments = useDepartmentOptions();
  const { candidates, chosen } = asked;
  return (
    <div className="map-form">
      <div className="map-field">
        <span>{t('how')}</span>
        <span className="seg" role="radiogroup" aria-label={t('how')}>
          {HOWS.map((one) => <button key={one} type="button" role="radio" aria-checked={asked.by === one} className={asked.by === one ? 'on' : ''} onClick={() => asked.setBy(one)}>{t(`by.${one}`)}</button>)}
        </span>
        <span className="m2 s12">{t(`byHint.${asked.by}`)}</span>
      </div>
      {departments.length > 1 ? <div className="map-field"><span>{t('department')}</span><FilterSelect label={t('departmentAll')} value={asked.department} options={departments} onChange={asked.setDepartment} width={240} /></div> : null}
      {asked.by === 'work' ? (
        <>
          <fieldset className="terr-people">
            <legend>{t('people')}</legend>
            <div className="row g6 terr-wrap">
              <span className="m2 s12 sp" aria-live="polite">{t('peopleChosen', { count: chosen.size })} · {t('hours')}</span>
              <button type="button" className="btn sm" onClick={() => asked.choose(candidates.map((one) => one.id))}>{t('peopleAll')}</button>
              <button type="button" className="btn sm" onClick={() => asked.choose([])}>{t('peopleNone')}</button>
            </div>
            <ul>
              {candidates.map((one) => (
                <li key={one.id}>
                  <label><input type="checkbox" checked={chosen.has(one.id)} onChange={(event) => asked.choose(event.target.checked ? [...chosen, one.id] : [...chosen].filter((id) => id !== one.id))} /><span className="clip">{one.name}</span></label>
                  {chosen.has(one.id) ? <InputNumber aria-label={t('hoursOf', { name: one.name })} size="small" min={1} max={400} precision={0} placeholder={t('hoursAuto')} value={asked.hours[one.id] ?? null} onChange={(value) => asked.setHours(one.id, value)} style={{ width: 84 }} /> : null}
                </li>
              ))}
            </ul>
          </fieldset>
          <div className="map-field">
            <span>{t('keep')}</span>
            <Slider ariaLabelForHandle={t('keep')} min={0} max={100} step={5} value={asked.keep} onChange={asked.setKeep} marks={{ 0: t('keep.0'), 50: t('keep.50'), 100: t('keep.100') }} style={{ margin: '4px 24px 22px' }} />
            <span className="m2 s12">{t('keepHint')}</span>
          </div>
          <label className="terr-check"><input type="checkbox" checked={asked.others} onChange={(event) => asked.setOthers(event.target.checked)} /><span>{t('others')}<span className="m2 s12">{t('othersHint')}</span></span></label>
        </>
      ) : null}
    </div>
  );
}

/** Asks why, then changes all owners at once. */
function TakeOver({ division, onClose }: { division: Division; onClose(): void }) {
  const t = useT(territoriesText);
  const format = useFormat();
  const patch = useSearchPatch<TerritoriesSearch>();
  const take = useTakeOver();
  return (
    <AskReason
      title={t('takeOverTitle')}
      detail={t('takeOverDetail', { moves: format.number(division.moves.length) })}
      label={t('reason')}
      placeholder={t('reasonPlaceholder')}
      verb={t('takeOver')}
      busy={take.isPending}
      error={take.error}
      onClose={onClose}
      onRun={(reason) => take.mutate({ division, reason }, {
        onSuccess: (done) => {
          toast(t('taken', { count: done.moves.length }));
          patch({ tab: 'history', division: done.id });
        },
      })}
    >
      {division.planned.length ? <p className="terr-planned row g6"><Icon name="warn" size={14} className="fg-late" />{t('planned', { count: division.planned.length })} · {t('plannedHint')}</p> : null}
    </AskReason>
  );
}
