import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type Basemap } from '@tashi/shared/api';
import { commonText, useT } from '@tashi/shared/i18n';
import { TashiMap, useBasemap } from '@tashi/shared/map';
import { Icon, SkeletonRows, toast } from '@tashi/shared/ui';
import { Button, Input, InputNumber } from 'antd';
import { useState } from 'react';
import { PointField } from '../../kit/PointField';
import { ProblemView } from '../../kit/ProblemView';
import { PanelHead } from './PanelHead';
import { settingsText } from './text';

type Kind = Basemap['kind'];
const KINDS: Kind[] = ['generated', 'pmtiles', 'raster', 'none'];
const NO_MARKS = {};

interface Preset {
  name: string;
  url: string;
  crs: Basemap['crs'];
  attribution: string;
  max_zoom: number;
}
/** Addresses of well-known tile services; `KEY` must be replaced by the company's own key. */
const PRESETS: Preset[] = [
  { name: '天地图', url: 'https://t0.tianditu.gov.cn/vec_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=vec&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=KEY', crs: 'wgs84', attribution: '© 天地图', max_zoom: 18 },
  { name: '高德', url: 'https://webrd01.is.autonavi.com/appmaptile?lang=zh_cn&size=1&scale=1&style=8&x={x}&y={y}&z={z}', crs: 'gcj02', attribution: '© 高德地图', max_zoom: 18 },
  { name: 'OpenStreetMap', url: 'https://tile.openstreetmap.org/{z}/{x}/{y}.png', crs: 'wgs84', attribution: '© OpenStreetMap contributors', max_zoom: 19 },
];

/** Long enough to read that it is saved, and for every node of the server to know of it. */
const RELOAD_MS = 2_500;

/** The foreign host of an address; none for our own files and for the services offered by name, which every page may ask. */
function hostOf(url: string | null | undefined): string | null {
  const host = url && /^https?:\/\/([^/?#]+)/.exec(url)?.[1];
  return host && !PRESETS.some((one) => one.url.includes(`//${host}/`)) ? host : null;
}

/** True for an address MapLibre can fill: https and all three of z, x, y. */
export function isTileUrl(url: string): boolean {
  return /^https:\/\//.test(url) && ['{z}', '{x}', '{y}'].every((part) => url.includes(part));
}

/** Which ground the maps stand on, with a live picture of it. */
export function BasemapPanel() {
  const t = useT(settingsText);
  const basemap = useBasemap();
  return (
    <div className="panel-page">
      <PanelHead title={t('basemap')} intro={t('basemap.intro')} />
      {basemap === undefined ? <SkeletonRows rows={5} /> : <BasemapForm key={JSON.stringify(basemap)} start={basemap} />}
      <section className="panel-card">
        <h3>{t('basemap.preview')}</h3>
        <div className="basemap-preview">
          <TashiMap
            basemap={basemap}
            marks={NO_MARKS}
            label={t('basemap.preview')}
            controls="zoom"
            fit={basemap ? { key: JSON.stringify(basemap.centre), places: [basemap.centre], maxZoom: basemap.zoom } : undefined}
          />
        </div>
      </section>
    </div>
  );
}

const PLAIN: Basemap = { kind: 'none', url: null, crs: 'wgs84', attribution: '', min_zoom: 3, max_zoom: 18, centre: [116.4, 39.9], zoom: 11 };

function BasemapForm({ start }: { start: Basemap | null }) {
  const t = useT(settingsText);
  const common = useT(commonText);
  const client = useQueryClient();
  const [draft, setDraft] = useState<Basemap>(start ?? PLAIN);
  const set = (change: Partial<Basemap>) => setDraft((old) => ({ ...old, ...change }));
  const raster = draft.kind === 'raster';
  const bad = raster && !isTileUrl(draft.url ?? '');
  const save = useMutation({
    mutationFn: () => api.put<Basemap>('/basemap', { ...draft, url: raster || draft.kind === 'pmtiles' ? draft.url || null : null }),
    onSuccess: (next) => {
      client.setQueryData(['basemap'], next);
      toast(t('saved'));
      // A page may only ask the hosts it was sent with: a new one takes a new page.
      if (hostOf(next.url) && hostOf(next.url) !== hostOf(start?.url)) window.setTimeout(() => window.location.reload(), RELOAD_MS);
    },
  });

  return (
    <form
      className="panel-card"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <fieldset className="plain-set">
        <legend>{t('basemap.kind')}</legend>
        {KINDS.map((one) => (
          <label key={one} className="radio-line">
            <input type="radio" name="kind" checked={draft.kind === one} onChange={() => set({ kind: one, url: one === start?.kind ? start.url : null })} />
            <span><b>{t(`basemap.${one}`)}</b> <span className="m3">{t(`basemap.${one}Detail`)}</span></span>
          </label>
        ))}
      </fieldset>
      {raster ? (
        <>
          <div className="row" style={{ flexWrap: 'wrap' }}>
            <span className="m3 s12">{t('basemap.presets')}</span>
            {PRESETS.map((one) => (
              <button key={one.name} type="button" className="chip" onClick={() => set({ url: one.url, crs: one.crs, attribution: one.attribution, max_zoom: one.max_zoom })}>
                {one.name}
              </button>
            ))}
          </div>
          <label className="stack">
            <span className="m2">{t('basemap.url')}</span>
            <Input.TextArea value={draft.url ?? ''} autoSize status={bad && draft.url ? 'error' : undefined} spellCheck={false} onChange={(event) => set({ url: event.target.value.trim() })} />
            <span className={bad && draft.url ? 'fg-problem s12' : 'm3 s12'}>{bad && draft.url ? t('basemap.urlRule') : t('basemap.urlHint')}</span>
          </label>
          <fieldset className="plain-set">
            <legend>{t('basemap.crs')}</legend>
            <div className="row g16">
              {(['wgs84', 'gcj02'] as const).map((one) => (
                <label key={one} className="radio-line">
                  <input type="radio" name="crs" checked={draft.crs === one} onChange={() => set({ crs: one })} />
                  <span>{one === 'wgs84' ? 'WGS-84' : 'GCJ-02'}</span>
                </label>
              ))}
            </div>
            <p className="m3 s12">{t('basemap.crsHint')}</p>
          </fieldset>
          <p className="note"><Icon name="shield" size={13} />{t('basemap.privacy')}</p>
        </>
      ) : null}
      {draft.kind === 'pmtiles' ? (
        <label className="stack">
          <span className="m2">{t('basemap.fileUrl')}</span>
          <Input value={draft.url ?? ''} spellCheck={false} onChange={(event) => set({ url: event.target.value.trim() })} />
          <span className="m3 s12">{t('basemap.fileHint')}</span>
        </label>
      ) : null}
      {draft.kind === 'raster' || draft.kind === 'pmtiles' ? (
        <div className="number-line">
          <label className="stack">
            <span className="m2">{t('basemap.attribution')}</span>
            <Input value={draft.attribution} maxLength={120} onChange={(event) => set({ attribution: event.target.value })} />
            <span className="hint">{t('basemap.attributionHint')}</span>
          </label>
          <div className="stack">
            <span className="m2" id="basemap-zoom">{t('basemap.zoom')}</span>
            <span className="row" role="group" aria-labelledby="basemap-zoom">
              <InputNumber aria-label={`${t('basemap.zoom')} 1`} min={0} max={20} value={draft.min_zoom} onChange={(next) => set({ min_zoom: next ?? 0 })} />
              <span className="m3">–</span>
              <InputNumber aria-label={`${t('basemap.zoom')} 2`} min={1} max={22} value={draft.max_zoom} onChange={(next) => set({ max_zoom: next ?? 18 })} />
            </span>
          </div>
        </div>
      ) : null}
      <div className="stack">
        <span className="m2">{t('basemap.centre')}</span>
        <PointField id="basemap-centre" value={draft.centre} onChange={(centre) => centre && set({ centre })} />
      </div>
      {save.error ? <ProblemView error={save.error} compact /> : null}
      <div><Button type="primary" htmlType="submit" loading={save.isPending} disabled={bad}>{common('save')}</Button></div>
    </form>
  );
}
