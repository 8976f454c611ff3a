import { useSearch } from '@tanstack/react-router';
import type { Point, Territory } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { TashiMap, useBasemap, type MapMarks } from '@tashi/shared/map';
import { AREA_COLORS, areaColor, useTheme } from '@tashi/shared/theme';
import { Icon, SkeletonRows, toast } from '@tashi/shared/ui';
import { useEffect, useMemo, useState } from 'react';
import { useCan } from '../../app/session';
import { ProblemView } from '../../kit/ProblemView';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { draftOf, emptyDraft, freeColour, type TerritoryDraft } from './draft';
import type { TerritoriesSearch } from './search';
import { TerritoryForm } from './TerritoryForm';
import { territoriesText } from './text';
import { useDeleteTerritory, useDots, useSaveTerritory, useTerritories } from './useTerritories';

const NEW = 'new';

/** The territories as they are: a list with their work, and the map they are drawn on. */
export function AreasTab() {
  const t = useT(territoriesText);
  const search = useSearch({ from: '/shell/territories' });
  const patch = useSearchPatch<TerritoriesSearch>();
  const canWrite = useCan('customer.write');
  const basemap = useBasemap();
  const list = useTerritories();
  const dots = useDots();
  const save = useSaveTerritory();
  const remove = useDeleteTerritory();
  const [draft, setDraft] = useState<TerritoryDraft | null>(null);
  const items = list.data?.items;

  // The address says which one is open; the draft begins from it once.
  useEffect(() => {
    const found = items?.find((one) => one.id === search.territory);
    if (search.territory !== NEW) setDraft(found ? draftOf(found) : null);
    // What is drawn already stays when the list is read again.
    else if (canWrite && items) setDraft((old) => (old?.version === null ? old : emptyDraft(freeColour(items, AREA_COLORS.light.length))));
  }, [search.territory, items, canWrite]);

  const marks = useMemo<MapMarks>(() => marksOf(items ?? [], dots.data?.items ?? [], draft), [items, dots.data, draft]);
  const fit = useMemo(() => {
    const open = items?.find((one) => one.id === search.territory);
    const ring = open?.polygon ?? open?.outline;
    return ring?.length ? { key: open?.id ?? '', places: ring, maxZoom: 15 } : { key: `all-${items && dots.data ? 1 : 0}`, maxZoom: 14 };
  }, [items, dots.data, search.territory]);
  const drawing = !!draft?.drawn && canWrite;
  const close = () => {
    save.reset();
    patch({ territory: undefined });
  };
  return (
    <div className="terr-body">
      <section className="terr-side" aria-label={t('list')}>
        {draft ? (
          <TerritoryForm
            draft={draft}
            canWrite={canWrite}
            saving={save.isPending}
            error={save.error}
            onChange={setDraft}
            onSave={() => save.mutate(draft, { onSuccess: (saved) => { toast(t('saved', { name: saved.name })); patch({ territory: undefined }); } })}
            onRemove={async () => {
              await remove.mutateAsync({ id: draft.id, version: draft.version ?? 0 });
              toast(t('removed', { name: draft.name }));
              patch({ territory: undefined });
            }}
            onClose={close}
          />
        ) : (
          <>
            <div className="hd">
              <h2 className="sp">{t('list')}</h2>
              {canWrite ? <button type="button" className="btn" onClick={() => patch({ tab: 'divide' })}><Icon name="layers" size={15} />{t('goDivide')}</button> : null}
              {canWrite ? <button type="button" className="btn pri" onClick={() => patch({ territory: NEW })}><Icon name="plus" size={15} />{t('draw')}</button> : null}
            </div>
            {list.error ? <div className="terr-pad"><ProblemView error={list.error} onRetry={list.refetch} compact /></div> : null}
            {list.isPending ? <SkeletonRows rows={6} height={64} /> : null}
            {items?.length === 0 ? <div className="empty terr-pad"><b>{t('none')}</b><p>{t('noneDetail')}</p></div> : null}
            <TerritoryList items={items ?? []} onOpen={(id) => patch({ territory: id })} />
            {list.data && items?.length && list.data.without ? <p className="m2 terr-pad row g6"><Icon name="warn" size={14} />{t('without', { count: list.data.without })}</p> : null}
          </>
        )}
      </section>
      <TashiMap
        className="terr-map"
        basemap={basemap}
        marks={marks}
        label={t('map')}
        fit={fit}
        note={dots.data?.truncated ? '…' : undefined}
        onHit={(hit) => {
          if (drawing && (hit.kind === 'ground' || hit.kind === 'way')) setDraft((old) => old && { ...old, corners: [...old.corners, hit.at] });
        }}
      >
        {drawing ? <span className="chip terr-hint"><Icon name="edit" size={14} />{t('drawHint')}</span> : null}
      </TashiMap>
    </div>
  );
}

function TerritoryList({ items, onOpen }: { items: readonly Territory[]; onOpen(id: string): void }) {
  const t = useT(territoriesText);
  const format = useFormat();
  const { mode } = useTheme();
  const most = Math.max(1, ...items.map((one) => one.minutes));
  const all = items.reduce((sum, one) => sum + one.minutes, 0);
  return (
    <ul className="terr-list">
      {items.map((one) => (
        <li key={one.id}>
          <button type="button" onClick={() => onOpen(one.id)}>
            <i className="terr-swatch" style={{ background: areaColor(mode, one.colour) }} />
            <span className="terr-lines">
              <span className="row g6"><b className="clip">{one.name}</b><span className="m2 clip">{one.responsible?.name ?? t('nobody')}</span><span className="sp" />{one.polygon ? <span className="tag">{t('drawn')}</span> : null}</span>
              <span className="terr-load" title={t('share', { percent: format.percent(all ? one.minutes / all : 0) })}><i style={{ width: `${(one.minutes / most) * 100}%`, background: areaColor(mode, one.colour) }} /></span>
              <span className="row g6 s12 m2 terr-wrap">
                <span>{t('customers', { count: one.customers })}</span>
                <span>{t('monthly', { hours: format.number(Math.round(one.minutes / 60)), visits: format.number(one.visits) })}</span>
                {one.elsewhere ? <span className="fg-late row g4"><Icon name="warn" size={12} />{t('elsewhere', { count: one.elsewhere })}</span> : null}
              </span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Areas under their customers; the one being changed in front, with the corners drawn so far. */
function marksOf(items: readonly Territory[], points: readonly { id: string; at: Point; territory_id: string | null }[], draft: TerritoryDraft | null): MapMarks {
  const colours = new Map(items.map((one) => [one.id, one.colour]));
  const areas = items
    .filter((one) => !(draft?.drawn && draft.id === one.id))
    .map((one) => ({ id: one.id, ring: one.polygon ?? one.outline, colour: one.colour, label: one.name, chosen: one.id === draft?.id }));
  const corners = draft?.drawn ? draft.corners : [];
  const own = corners.length > 2 ? [{ id: 'draft', ring: corners, colour: draft?.colour ?? 0, chosen: true }] : [];
  return {
    areas: [...areas, ...own],
    dots: points.map((one) => ({ id: one.id, at: one.at, colour: one.territory_id ? (colours.get(one.territory_id) ?? null) : null })),
    proposed: corners.length === 2 ? [corners] : [],
    labels: corners.map((at, i) => ({ id: `corner-${i}`, at, text: String(i + 1) })),
  };
}
