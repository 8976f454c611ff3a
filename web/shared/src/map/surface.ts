import {
  addProtocol, Map as GlMap, setWorkerUrl, type GeoJSONSource, type LayerSpecification, type MapMouseEvent,
} from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import { Protocol } from 'pmtiles';
import type { Basemap, Point } from '../api/schema';
import { serverNow, type Language } from '../i18n';
import type { Mode } from '../theme/tokens';
import { fixAge } from './age';
import { basemapPart } from './basemap';
import { clusterPeople } from './cluster';
import * as build from './features';
import { GCJ_SCHEME, loadGcjTile } from './gcjTiles';
import { boundsOf } from './geometry';
import { styleOf } from './layers';
import { CLICKABLE, MARK_SOURCES, markPart, type MarkSource } from './markLayers';
import { drawSymbol, PLAIN_SYMBOLS, plainSymbol } from './symbols';
import type { Bounds, MapHandle, MapMarks, MarkHit } from './types';

// A production build shows an empty map without any error when the worker's address is not given.
setWorkerUrl(workerUrl);
addProtocol('pmtiles', new Protocol().tile);
addProtocol(GCJ_SCHEME, loadGcjTile);

/** How the map looks; a change repaints and keeps every mark. */
export interface Look {
  mode: Mode;
  language: Language;
}

/** What is on the map and what is emphasised. */
export interface Scene {
  marks: MapMarks;
  selected: string | null;
  /** Opacity of ways and stops, 0.25 when another person is in front. */
  wayOpacity: number;
}

/** Pixels at the edges that panels cover. */
export interface Padding {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

export interface SurfaceOptions extends Look {
  basemap: Basemap | null;
  label: string;
  padding: Padding;
  interactive: boolean;
  /** A small map: people as discs without initial and age. */
  compact: boolean;
  onHit(hit: MarkHit): void;
  onReady(): void;
  /** The first picture is whole: ground and marks. */
  onDrawn(): void;
  onBasemapFailure(): void;
}

/** Fallback when neither basemap nor marks say where we are: the middle of eastern China, far out. */
const NOWHERE: { centre: Point; zoom: number } = { centre: [112, 33], zoom: 4 };
const HIT_PX = 6;
/** Above this many customers neighbours share one mark up to street level. */
const GATHER_ABOVE = 2_000;

/** Which parts of the scene feed which source; only what changed is built again. */
const FEEDS: Record<MarkSource, (keyof MapMarks)[]> = {
  areas: ['areas'],
  areaNames: ['areas'],
  dots: ['dots'],
  fences: ['fences'],
  errors: ['errors'],
  planned: ['planned'],
  proposed: ['proposed'],
  driven: ['driven'],
  gaps: ['gaps'],
  customers: ['customers'],
  places: ['stays', 'start', 'shop'],
  stops: ['stops'],
  labels: ['labels'],
  people: ['people'],
  head: ['head'],
};

/** The map itself: one WebGL canvas that is told what to show and redraws at most once a frame. */
export class Surface implements MapHandle {
  private readonly map: GlMap;
  private look: Look;
  private scene: Scene = { marks: {}, selected: null, wayOpacity: 1 };
  private readonly dirty = new Set<MarkSource>();
  private readonly images = new Set<string>();
  private frame = 0;
  private ready = false;
  private ages = '';
  private gathered = false;
  private readonly ticker: ReturnType<typeof setInterval>;

  constructor(private readonly container: HTMLElement, private readonly options: SurfaceOptions) {
    this.look = { mode: options.mode, language: options.language };
    const { basemap } = options;
    this.map = new GlMap({
      container,
      style: styleOf(basemapPart(basemap, options.mode, options.language), markPart(options.mode)),
      center: basemap?.centre ?? NOWHERE.centre,
      zoom: basemap?.zoom ?? NOWHERE.zoom,
      minZoom: 3,
      maxZoom: 19,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      interactive: options.interactive,
      fadeDuration: 0,
      refreshExpiredTiles: false,
      locale: { 'Map.Title': options.label },
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.on('style.load', () => {
      this.ready = true;
      this.addPlainImages();
      this.markAllDirty();
      options.onReady();
    });
    this.map.once('idle', () => options.onDrawn());
    this.map.on('error', (event) => {
      if ('sourceId' in event && event.sourceId === 'ground') options.onBasemapFailure();
    });
    this.map.on('moveend', () => {
      if (this.scene.marks.people?.length) this.invalidate('people');
    });
    if (options.interactive) {
      this.map.on('click', (event) => this.click(event));
      this.map.on('mousemove', (event) => {
        this.map.getCanvas().style.cursor = this.hit(event) ? 'pointer' : '';
      });
    }
    this.ticker = setInterval(() => this.tick(), 1000);
  }

  remove(): void {
    clearInterval(this.ticker);
    cancelAnimationFrame(this.frame);
    this.map.remove();
  }

  setScene(next: Scene): void {
    const before = this.scene;
    this.scene = next;
    const selection = before.selected !== next.selected;
    const opacity = before.wayOpacity !== next.wayOpacity;
    for (const source of MARK_SOURCES) {
      const changed = FEEDS[source].some((key) => before.marks[key] !== next.marks[key]);
      const repaint =
        (selection && (source === 'people' || source === 'stops' || source === 'customers')) ||
        (opacity && (source === 'driven' || source === 'planned' || source === 'stops'));
      if (changed || repaint) this.invalidate(source);
    }
  }

  /** Light or dark, Chinese or English, without losing place or marks. */
  setLook(next: Look): void {
    if (next.mode === this.look.mode && next.language === this.look.language) return;
    this.look = next;
    if (!this.ready) return;
    for (const part of [basemapPart(this.options.basemap, next.mode, next.language), markPart(next.mode)]) {
      for (const layer of part.layers) this.repaint(layer);
    }
    this.addPlainImages();
    this.markAllDirty();
  }

  private repaint(layer: LayerSpecification): void {
    for (const [key, value] of Object.entries(layer.paint ?? {})) this.map.setPaintProperty(layer.id, key as never, value as never);
    if (!('layout' in layer)) return;
    for (const [key, value] of Object.entries(layer.layout ?? {})) this.map.setLayoutProperty(layer.id, key as never, value as never);
  }

  private markAllDirty(): void {
    for (const source of MARK_SOURCES) this.invalidate(source);
  }

  private invalidate(source: MarkSource): void {
    this.dirty.add(source);
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.flush();
    });
  }

  /** Hands every changed kind of mark to the map; many changes inside one frame cost one. */
  private flush(): void {
    if (!this.ready) return;
    for (const source of this.dirty) {
      const data = this.build(source);
      this.needImages(data);
      if (source === 'customers') this.gatherCustomers(data.features.length);
      this.map.getSource<GeoJSONSource>(source)?.setData(data);
    }
    this.dirty.clear();
  }

  /** Thousands of squares far out are a grey carpet; from a distance they are counted instead. */
  private gatherCustomers(count: number): void {
    const gathered = count > GATHER_ABOVE;
    if (gathered === this.gathered) return;
    this.gathered = gathered;
    this.map.getSource<GeoJSONSource>('customers')?.setClusterOptions({ cluster: gathered, clusterRadius: 44, clusterMaxZoom: 13 });
  }

  private build(source: MarkSource): build.Marks {
    const { marks, selected, wayOpacity } = this.scene;
    const { mode } = this.look;
    switch (source) {
      case 'areas': return build.areaFeatures(marks.areas ?? [], mode);
      case 'areaNames': return build.areaNameFeatures(marks.areas ?? [], mode);
      case 'dots': return build.dotFeaturesOf(marks.dots ?? [], mode);
      case 'fences': return build.fenceFeatures(marks.fences ?? []);
      case 'errors': return build.errorFeatures(marks.errors ?? []);
      case 'planned': return build.wayFeatures(marks.planned ?? [], wayOpacity);
      case 'proposed': return build.wayFeatures(marks.proposed ?? []);
      case 'driven': return build.drivenFeatures(marks.driven ?? [], wayOpacity);
      case 'gaps': return build.gapFeatures(marks.gaps ?? [], mode);
      case 'customers': return build.customerFeatures(marks.customers ?? [], mode, selected);
      case 'places': return build.placeFeatures(marks.stays ?? [], marks.start ?? null, marks.shop ?? null, mode);
      case 'stops': return build.stopFeatures(marks.stops ?? [], mode, selected, wayOpacity);
      case 'labels': return build.labelFeatures(marks.labels ?? []);
      case 'head': return build.headFeatures(marks.head ?? null, mode);
      case 'people': return this.buildPeople();
    }
  }

  private buildPeople(): build.Marks {
    const { marks, selected } = this.scene;
    if (this.options.compact) return build.dotFeatures(marks.people ?? [], this.look.mode);
    const { singles, clusters } = clusterPeople(marks.people ?? [], this.map.getZoom(), this.view(), selected);
    const now = serverNow();
    const ages: string[] = [];
    const data = build.peopleFeatures(singles, clusters, this.look.mode, selected, (person) => {
      const age = fixAge(person.fixAt, now, this.look.language);
      ages.push(age ?? '');
      return age;
    });
    this.ages = ages.join('|');
    return data;
  }

  /** Ages count by themselves; the source is rebuilt only when a text would differ. */
  private tick(): void {
    const people = this.scene.marks.people;
    if (!people?.length || document.visibilityState !== 'visible' || this.dirty.has('people')) return;
    const before = this.ages;
    const data = this.buildPeople();
    if (this.ages === before || !this.ready) return;
    this.needImages(data);
    this.map.getSource<GeoJSONSource>('people')?.setData(data);
  }

  /** The visible box with a margin of half a screen, so that marks do not pop up at the edge while dragging. */
  private view(): Bounds {
    const box = this.map.getBounds();
    const dx = (box.getEast() - box.getWest()) / 2;
    const dy = (box.getNorth() - box.getSouth()) / 2;
    return [box.getWest() - dx, box.getSouth() - dy, box.getEast() + dx, box.getNorth() + dy];
  }

  private addPlainImages(): void {
    for (const kind of PLAIN_SYMBOLS) this.needImage(plainSymbol(kind, this.look.mode));
  }

  private needImages(data: build.Marks): void {
    for (const { properties } of data.features) {
      for (const key of ['icon', 'pill', 'wedge'] as const) {
        const symbol = properties?.[key];
        if (typeof symbol === 'string') this.needImage(symbol);
      }
    }
  }

  private needImage(symbol: string): void {
    if (this.images.has(symbol)) return;
    this.images.add(symbol);
    const image = drawSymbol(symbol, Math.max(2, Math.ceil(globalThis.devicePixelRatio || 1)));
    if (image) this.map.addImage(symbol, image.data, { ...image });
  }

  private click(event: MapMouseEvent): void {
    const found = this.hit(event);
    const at: Point = [event.lngLat.lng, event.lngLat.lat];
    if (!found) return this.options.onHit({ kind: 'ground', at });
    const { id, bounds } = found.properties as { id?: string; bounds?: string | Bounds };
    switch (found.layer.id) {
      case 'clusters': {
        const box = (typeof bounds === 'string' ? JSON.parse(bounds) : bounds) as Bounds | undefined;
        if (box) this.openCluster(box, event);
        return;
      }
      case 'customer-groups': {
        const group = Number((found.properties as { cluster_id?: number }).cluster_id);
        void this.map.getSource<GeoJSONSource>('customers')?.getClusterExpansionZoom(group)
          .then((zoom) => this.map.easeTo({ center: at, zoom: Math.min(18, zoom + 0.2), duration: 300 }))
          // The group is gone when the data changed in between; then there is nothing to open.
          .catch(() => undefined);
        return;
      }
      case 'people': return this.options.onHit({ kind: 'person', id: String(id) });
      case 'stops': return this.options.onHit({ kind: 'stop', id: String(id) });
      case 'customers': return this.options.onHit({ kind: 'customer', id: String(id) });
      case 'stays': return this.options.onHit({ kind: 'stay', id: String(id) });
      default: return this.options.onHit({ kind: 'way', at });
    }
  }

  private openCluster(box: Bounds, event: MapMouseEvent): void {
    const wanted = this.map.cameraForBounds(box, { padding: 80, maxZoom: 18 });
    const zoom = Math.max(wanted?.zoom ?? 0, this.map.getZoom() + 1);
    this.map.easeTo({ center: wanted?.center ?? event.lngLat, zoom: Math.min(18.5, zoom), duration: 300 });
  }

  private hit(event: MapMouseEvent) {
    if (!this.ready) return undefined;
    const { x, y } = event.point;
    const found = this.map.queryRenderedFeatures(
      [[x - HIT_PX, y - HIT_PX], [x + HIT_PX, y + HIT_PX]],
      { layers: [...CLICKABLE] },
    );
    return found.find((feature) => feature.layer.id !== 'stays' || feature.properties?.id);
  }

  zoomIn(): void {
    this.map.zoomIn({ duration: 200 });
  }

  zoomOut(): void {
    this.map.zoomOut({ duration: 200 });
  }

  fit(places: readonly Point[], { maxZoom = 16, animate = true }: { maxZoom?: number; animate?: boolean } = {}): void {
    const box = boundsOf(places);
    if (!box) return;
    const { padding } = this.options;
    const { clientWidth, clientHeight } = this.container;
    // A frame wider than the map itself has no solution; then the margins shrink.
    const roomX = Math.max(0.2, Math.min(1, (clientWidth * 0.8) / (padding.left + padding.right + 1)));
    const roomY = Math.max(0.2, Math.min(1, (clientHeight * 0.8) / (padding.top + padding.bottom + 1)));
    const scale = Math.min(roomX, roomY);
    this.map.fitBounds(box, {
      padding: {
        left: padding.left * scale, right: padding.right * scale, top: padding.top * scale, bottom: padding.bottom * scale,
      },
      maxZoom,
      duration: animate ? 350 : 0,
    });
  }

  reveal(at: Point): void {
    const pixel = this.map.project(at);
    const { padding } = this.options;
    const inside =
      pixel.x > padding.left && pixel.x < this.container.clientWidth - padding.right &&
      pixel.y > padding.top && pixel.y < this.container.clientHeight - padding.bottom;
    if (!inside) this.centre(at);
  }

  centre(at: Point, zoom?: number): void {
    const { padding } = this.options;
    this.map.easeTo({
      center: at,
      zoom: zoom ?? this.map.getZoom(),
      offset: [(padding.left - padding.right) / 2, (padding.top - padding.bottom) / 2],
      duration: 300,
    });
  }

  /** Room the panels over the map take away. */
  setPadding(padding: Padding): void {
    this.options.padding = padding;
  }

  /** The place under a pixel of the container. */
  placeAt(x: number, y: number): Point {
    const { lng, lat } = this.map.unproject([x, y]);
    return [lng, lat];
  }
}
