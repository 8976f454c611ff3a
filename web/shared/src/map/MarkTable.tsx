import type { ReactNode } from 'react';
import type { Point } from '../api/schema';
import { commonText, serverNow, useLanguage, useT } from '../i18n';
import { GradeTag } from '../ui/GradeTag';
import { Icon } from '../ui/Icon';
import { STATE_LOOK, StateText } from '../ui/StateBadge';
import { fixAge } from './age';
import { mapText } from './text';
import type { MapMarks, MarkHit } from './types';

/** Longest table: beyond it a list or the map itself is the better tool. */
const MOST = 300;

/** The same marks as rows: for a screen reader, for the keyboard and for anyone who prefers words. */
export function MarkTable({ marks, selected, right, onPick, onClose }: {
  marks: MapMarks;
  selected: string | null;
  /** Distance from the right edge in px, so that it stands beside the controls. */
  right: number;
  onPick(hit: MarkHit, at: Point): void;
  onClose(): void;
}) {
  const t = useT(mapText);
  const common = useT(commonText);
  const language = useLanguage();
  const customers = (marks.customers ?? []).slice(0, MOST);
  const people = (marks.people ?? []).slice(0, MOST);
  const hidden = (marks.customers?.length ?? 0) - customers.length + (marks.people?.length ?? 0) - people.length;
  const empty = !people.length && !customers.length && !marks.stops?.length && !marks.stays?.length && !marks.gaps?.length;
  return (
    <section className="map-table" style={{ right }} aria-label={t('tableOf')} onKeyDown={(event) => event.key === 'Escape' && onClose()}>
      <div className="row map-table-head">
        <h3 className="s14 w7">{t('tableOf')}</h3>
        <button type="button" className="icb end" aria-label={t('closeTable')} onClick={onClose} autoFocus>
          <Icon name="close" />
        </button>
      </div>
      {empty ? <p className="m3 s12 map-table-empty">{t('empty')}</p> : (
        <table className="tbl">
          <thead>
            <tr>
              <th scope="col">{t('column.mark')}</th>
              <th scope="col">{t('column.state')}</th>
              <th scope="col">{t('column.age')}</th>
            </tr>
          </thead>
          <tbody>
            {people.map((person) => {
              const look = STATE_LOOK[person.state];
              return (
                <Row key={person.id} on={person.id === selected} name={person.name} pick={() => onPick({ kind: 'person', id: person.id }, person.at)}>
                  <td><StateText tone={look.tone} icon={look.icon}>{common(`state.${person.state}`)}</StateText></td>
                  <td>{fixAge(person.fixAt, serverNow(), language) ?? '—'}</td>
                </Row>
              );
            })}
            {marks.stops?.map((stop) => (
              <Row key={stop.id} on={stop.id === selected} name={`${stop.seq} ${stop.name}`} pick={() => onPick({ kind: 'stop', id: stop.id }, stop.at)}>
                <td>{t(`stop.${stop.state}`)}</td>
                <td>—</td>
              </Row>
            ))}
            {marks.stays?.map((stay) => (
              <Row key={stay.id} on={stay.id === selected} name={stay.label || t('kind.stay')} pick={() => onPick({ kind: 'stay', id: stay.id }, stay.at)}>
                <td>{t('kind.stay')}</td>
                <td>—</td>
              </Row>
            ))}
            {marks.gaps?.map((gap) => (
              <tr key={gap.id}><td>{gap.label}</td><td>{t('kind.gap')}</td><td>—</td></tr>
            ))}
            {customers.map((customer) => (
              <Row key={customer.id} on={customer.id === selected} name={customer.name} pick={() => onPick({ kind: 'customer', id: customer.id }, customer.at)}>
                <td><GradeTag grade={customer.grade} />{customer.chosen ? ` ${t('chosen')}` : ''}</td>
                <td>—</td>
              </Row>
            ))}
          </tbody>
        </table>
      )}
      {hidden > 0 ? <p className="m3 s12 map-table-empty">{t('andMore', { count: hidden })}</p> : null}
    </section>
  );
}

function Row({ on, name, pick, children }: { on: boolean; name: string; pick(): void; children: ReactNode }) {
  return (
    <tr className={on ? 'on' : undefined} aria-selected={on}>
      <td className="clip">
        <button type="button" className="btn link" onClick={pick}>{name}</button>
      </td>
      {children}
    </tr>
  );
}
