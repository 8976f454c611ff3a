import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, type NearAnswer, type Point } from '@tashi/shared/api';
import { useFormat, useT, useTimeZone } from '@tashi/shared/i18n';
import { TashiMap, useBasemap, type MapMarks } from '@tashi/shared/map';
import { Avatar, Icon } from '@tashi/shared/ui';
import { Button, Input, InputNumber, Slider } from 'antd';
import { useMemo, useState } from 'react';
import { DayField } from '../../kit/DayField';
import { PointField } from '../../kit/PointField';
import { ProblemView } from '../../kit/ProblemView';
import { TimeInput } from '../../kit/TimeInput';
import { momentOf } from '../tracks/bands';
import { fencesText } from './text';

/** Who was near a place at a time. Asked rarely, with a reason, and everybody found learns of it. */
export function NearTab() {
  const t = useT(fencesText);
  const format = useFormat();
  const zone = useTimeZone();
  const basemap = useBasemap();
  const today = format.today();
  const [at, setAt] = useState<Point | null>(null);
  const [radius, setRadius] = useState(200);
  const [day, setDay] = useState(today);
  const [from, setFrom] = useState(540);
  const [to, setTo] = useState(720);
  const [reason, setReason] = useState('');
  const moment = (minute: number) => new Date(momentOf(day, `${format.minuteOfDay(Math.min(minute, 1439))}:${minute >= 1440 ? '59' : '00'}`, zone) ?? 0).toISOString();
  const search = useMutation({
    mutationFn: () => api.post<NearAnswer>('/tracks/near', { at, radius_m: radius, from: moment(from), to: moment(to), reason: reason.trim() }),
  });
  const marks = useMemo<MapMarks>(() => ({ fences: at ? [{ id: 'near', at, radiusM: radius }] : [], shop: at }), [at, radius]);
  const answer = search.data;
  return (
    <div className="fences-body">
      <section className="fences-side" aria-label={t('tab.near')}>
        <div className="map-form">
          <p className="m2">{t('nearIntro')}</p>
          <div className="map-field"><span>{t('nearPlace')}</span><PointField value={at} onChange={setAt} /></div>
          <div className="map-field">
            <span>{t('nearRadius')}</span>
            <div className="fences-slide">
              <Slider ariaLabelForHandle={t('nearRadius')} min={20} max={2000} step={10} value={radius} onChange={setRadius} />
              <InputNumber aria-label={t('nearRadius')} min={20} max={5000} precision={0} suffix="m" value={radius} onChange={(value) => setRadius(value ?? 20)} />
            </div>
          </div>
          <div className="row" style={{ flexWrap: 'wrap' }}>
            <DayField label={t('day')} value={day} max={today} onChange={setDay} />
            <span className="row g4">
              <TimeInput label={t('nearFrom')} value={from} onChange={setFrom} />–<TimeInput label={t('nearTo')} value={to} onChange={setTo} />
            </span>
          </div>
          <div className="map-field"><span>{t('reason')}</span><Input.TextArea aria-label={t('reason')} rows={2} maxLength={200} value={reason} onChange={(event) => setReason(event.target.value)} /></div>
          {search.error ? <ProblemView error={search.error} compact /> : null}
          <span className="row">
            <Button type="primary" loading={search.isPending} disabled={!at || to <= from || reason.trim().length < 4} onClick={() => search.mutate()}>{t('search')}</Button>
            {at ? null : <span className="m3 s12">{t('needPlace')}</span>}
          </span>
        </div>
        {answer ? (
          <>
            <div className="hd"><h2>{answer.people.length || t('nearNobody')}</h2><span className="sub">{t('nearSearched', { count: answer.searched })}</span></div>
            {answer.people.map((one) => (
              <div key={`${one.employee.id}-${one.day}`} className="near-person">
                <span className="row">
                  <Avatar name={one.employee.name} size="sm" />
                  <b className="sp">{one.employee.name}</b>
                  <Link to="/tracks" search={{ person: one.employee.id, day: one.day, t: format.timeSeconds(one.spans[0]?.from ?? '') }}>{t('toTrack')}</Link>
                </span>
                {one.spans.map((span) => (
                  <p key={span.from}>{t('nearSpan', { from: format.time(span.from), to: format.time(span.to), meters: span.closest_m, count: span.positions })}</p>
                ))}
              </div>
            ))}
            <p className="note" style={{ padding: '10px 16px' }}><Icon name="eye" size={14} />{t('ledgerNote')}</p>
          </>
        ) : null}
      </section>
      <TashiMap
        className="fences-map"
        basemap={basemap}
        marks={marks}
        label={t('tab.near')}
        fit={{ key: basemap ? 'base' : '', places: basemap ? [basemap.centre] : [], maxZoom: 12 }}
        onHit={(hit) => {
          if (hit.kind === 'ground') setAt(hit.at);
        }}
      />
    </div>
  );
}
