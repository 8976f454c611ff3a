import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { api, type Customer, type CustomerPoints, type Fence, type Page, type Point } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { TashiMap, useBasemap, type MapMarks } from '@tashi/shared/map';
import { Icon, SkeletonRows } from '@tashi/shared/ui';
import { useEffect, useMemo, useState } from 'react';
import { useCan } from '../../app/session';
import { ProblemView } from '../../kit/ProblemView';
import { toastChange, type Back } from '../../kit/undo';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { ClassTell } from './ClassTell';
import { bodyOf, draftOf, emptyDraft, radiusOf, withCustomer, type FenceDraft } from './draft';
import { FenceForm } from './FenceForm';
import type { FencesSearch } from './search';
import { fencesText } from './text';

const NEW = 'new';

/** Drawn fences beside the map they are drawn on. */
export function PlacesTab() {
  const t = useT(fencesText);
  const format = useFormat();
  const client = useQueryClient();
  const search = useSearch({ from: '/shell/fences' });
  const patch = useSearchPatch<FencesSearch>();
  const canWrite = useCan('customer.write');
  const basemap = useBasemap();
  const list = useQuery({
    queryKey: ['fences', 'list'],
    queryFn: async () => {
      const all: Fence[] = [];
      let cursor: string | undefined;
      do {
        const page: Page<Fence> = await api.get('/fences', { query: { limit: 500, cursor } });
        all.push(...page.items);
        cursor = page.next_cursor;
      } while (cursor && all.length < 10_000);
      return all;
    },
  });
  const points = useQuery({
    queryKey: ['customers', 'points', {}],
    queryFn: ({ signal }) => api.get<CustomerPoints>('/customers/points', { signal }),
    staleTime: 60_000,
  });
  const [draft, setDraft] = useState<FenceDraft | null>(null);
  const fences = list.data;

  // The address says which fence is open; the draft begins from it once.
  useEffect(() => {
    if (search.customer && canWrite) {
      void api.get<Customer>('/customers/{id}', { params: { id: search.customer } }).then((customer) => setDraft(withCustomer(emptyDraft(), customer)));
      patch({ customer: undefined, fence: NEW }, { replace: true });
      return;
    }
    setDraft((old) => {
      if (!search.fence) return null;
      if (search.fence === NEW) return old && old.version === null ? old : canWrite ? emptyDraft() : null;
      if (old?.id === search.fence) return old;
      const fence = fences?.find((one) => one.id === search.fence);
      return fence ? draftOf(fence) : null;
    });
  }, [search.fence, search.customer, fences, canWrite, patch]);

  const done = async (text: string, back: Back | null) => {
    patch({ fence: undefined });
    setDraft(null);
    await client.invalidateQueries({ queryKey: ['fences'] });
    toastChange(text, back);
  };
  const save = useMutation({
    mutationFn: ({ active, draft: sent }: { draft: FenceDraft; active: boolean }) =>
      sent.version === null
        ? api.post<Fence>('/fences', bodyOf(sent))
        : api.patch<Fence>('/fences/{id}', bodyOf(sent, active), { params: { id: sent.id }, version: sent.version }),
    onSuccess: (fence) => {
      const was = fences?.find((one) => one.id === fence.id);
      const back = was && { method: 'patch' as const, path: '/fences/{id}', params: { id: fence.id }, body: { ...bodyOf(draftOf(was), was.active) }, version: fence.version, lists: ['fences'] };
      return done(t(fence.active ? 'saved' : 'ended', { name: fence.name }), back ?? null);
    },
  });

  const marks = useMemo<MapMarks>(() => marksOf(points.data?.items ?? [], fences ?? [], draft), [points.data, fences, draft]);
  const fit = useMemo(() => {
    if (!draft) return { key: `all-${points.data ? 1 : 0}`, maxZoom: 14 };
    const places = draft.kind === 'polygon' && draft.corners.length ? draft.corners : draft.at ? [draft.at] : undefined;
    return places && draft.version !== null ? { key: draft.id, places, maxZoom: 16 } : places && draft.customer ? { key: draft.customer.id, places, maxZoom: 16 } : { key: `all-${points.data ? 1 : 0}`, maxZoom: 14 };
  }, [draft, points.data]);

  const place = (at: Point) =>
    setDraft((old) => {
      if (!old) return old;
      return old.kind === 'circle' ? { ...old, at } : { ...old, corners: [...old.corners, at] };
    });

  return (
    <div className="fences-body">
      <section className="fences-side" aria-label={t('list')}>
        {draft ? (
          <FenceForm
            draft={draft}
            canWrite={canWrite}
            saving={save.isPending}
            error={save.error}
            onChange={setDraft}
            onSave={() => save.mutate({ draft, active: true })}
            onEnd={() => save.mutateAsync({ draft, active: false })}
            onClose={() => {
              save.reset();
              patch({ fence: undefined });
            }}
          />
        ) : (
          <>
            <div className="hd">
              <h2 className="sp">{t('list')}</h2>
              {canWrite ? <button type="button" className="btn pri" onClick={() => patch({ fence: NEW })}><Icon name="plus" size={15} />{t('draw')}</button> : null}
            </div>
            <p className="m3 s12">{t('listIntro')}</p>
            {list.error ? <ProblemView error={list.error} onRetry={list.refetch} compact /> : null}
            {list.isPending ? <SkeletonRows rows={6} height={52} /> : null}
            {fences?.length === 0 ? <p className="m2">{t('none')}</p> : null}
            {(fences ?? []).map((fence) => (
              <button key={fence.id} type="button" className="fences-row" onClick={() => patch({ fence: fence.id })}>
                <Icon name={fence.shape.circle ? 'target' : 'layers'} />
                <span className="cell2">
                  <b className="clip">{fence.name}</b>
                  <span className="sub">{sizeOf(fence, t, format.distance)}</span>
                </span>
              </button>
            ))}
            <ClassTell />
          </>
        )}
      </section>
      <TashiMap
        className="fences-map"
        basemap={basemap}
        marks={marks}
        label={t('map')}
        fit={fit}
        note={points.data?.truncated ? '…' : undefined}
        onHit={(hit) => {
          if (draft && canWrite && (hit.kind === 'ground' || hit.kind === 'way')) place(hit.at);
          else if (draft && canWrite && hit.kind === 'customer') {
            const at = points.data?.items.find((one) => one.id === hit.id)?.at;
            if (at) place(at);
          }
        }}
      >
        {draft && canWrite ? <span className="chip fences-hint"><Icon name="edit" size={14} />{t(draft.kind === 'circle' ? 'centreHint' : 'cornersHint')}</span> : null}
      </TashiMap>
    </div>
  );
}

type T = ReturnType<typeof useT<keyof (typeof fencesText)['zh'] & string>>;

function sizeOf(fence: Fence, t: T, distance: (meters: number) => string): string {
  const { circle, polygon } = fence.shape;
  const size = circle ? distance(circle.radius_m) : t('corners', { count: polygon?.length ?? 0 });
  const shape = t('shapeOf', { shape: t(circle ? 'circle' : 'polygon'), size });
  return fence.customer && fence.customer.name !== fence.name ? `${fence.customer.name} · ${shape}` : shape;
}

/** Customers as squares, fences to scale; the one being drawn in front. */
function marksOf(points: CustomerPoints['items'], fences: readonly Fence[], draft: FenceDraft | null): MapMarks {
  const others = fences.filter((one) => one.id !== draft?.id);
  const circles = others.flatMap(({ id, shape }) => (shape.circle ? [{ id, at: shape.circle.at, radiusM: shape.circle.radius_m, tone: 'visit' as const }] : []));
  const rings = others.flatMap(({ shape }) => (shape.polygon ? [closed(shape.polygon)] : []));
  const own = draft?.kind === 'circle' && draft.at ? [{ id: draft.id, at: draft.at, radiusM: draft.radiusM }] : [];
  const corners = draft?.kind === 'polygon' ? draft.corners : [];
  return {
    customers: points.map((one) => ({ id: one.id, name: one.name, grade: one.grade, at: one.at })),
    fences: [...circles, ...own],
    planned: rings,
    proposed: corners.length > 1 ? [closed(corners)] : [],
    labels: corners.map((at, i) => ({ id: `corner-${i}`, at, text: String(i + 1) })),
    shop: draft?.kind === 'circle' ? draft.at : null,
  };
}

function closed(ring: readonly Point[]): Point[] {
  return ring[0] ? [...ring, ring[0]] : [];
}

/** The radius the figures of a draft are for. */
export function effectiveRadius(draft: FenceDraft): number {
  return draft.kind === 'circle' ? draft.radiusM : Math.max(20, Math.min(5000, Math.round(radiusOf(draft.corners))));
}
