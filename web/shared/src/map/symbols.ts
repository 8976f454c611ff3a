import { gradeRank } from '../grades';
import { COLORS, FONT, type ColorToken, type Mode } from '../theme/tokens';
import { STATE_LOOK } from '../ui/StateBadge';
import { initial } from '../ui/Avatar';
import { centredText, disc, drawIcon } from './pen';
import { ringSlices, type PeopleCluster } from './cluster';
import type { CustomerMark, PersonMark, StopMark } from './types';

/**
 * Every mark is a picture drawn once and named by what it shows, so that thousands of marks share a few hundred pictures
 * and the map can draw them all in one go. A name holds everything the drawing needs.
 */
export type SymbolName = string;

/** What MapLibre takes as an image. */
export interface SymbolImage {
  data: ImageData;
  pixelRatio: number;
  stretchX?: [number, number][];
  stretchY?: [number, number][];
  content?: [number, number, number, number];
}

const SPLIT = '\u0001';

function name(...parts: (string | number)[]): SymbolName {
  return parts.join(SPLIT);
}

export function personSymbol(mode: Mode, person: Pick<PersonMark, 'name' | 'state'>, selected: boolean): SymbolName {
  return name('person', mode, person.state, initial(person.name), selected ? 1 : 0);
}
/** A person on a small map: a disc with the icon of the state, no initial. */
export function dotSymbol(mode: Mode, state: PersonMark['state']): SymbolName {
  return name('dot', mode, state);
}
export function wedgeSymbol(mode: Mode, state: PersonMark['state'], selected: boolean): SymbolName {
  return name('wedge', mode, state, selected ? 1 : 0);
}
export function headSymbol(mode: Mode, person: Pick<PersonMark, 'name' | 'state'>): SymbolName {
  return name('head', mode, person.state, initial(person.name));
}
export function clusterSymbol(mode: Mode, cluster: Pick<PeopleCluster, 'count' | 'states'>): SymbolName {
  const slices = ringSlices(cluster.states);
  return name('cluster', mode, cluster.count, cluster.states.map(([state], i) => `${state}:${slices[i]}`).join(','));
}
export function stopSymbol(mode: Mode, stop: Pick<StopMark, 'seq' | 'state'>, selected: boolean): SymbolName {
  return name('stop', mode, stop.state, stop.seq, selected ? 1 : 0);
}
export function customerSymbol(mode: Mode, customer: Pick<CustomerMark, 'grade' | 'chosen'>, selected: boolean): SymbolName {
  return name('customer', mode, Math.min(2, gradeRank(customer.grade)), customer.chosen ? 1 : 0, selected ? 1 : 0);
}
export type PlainSymbol = 'pill' | 'gapPill' | 'gapEnd' | 'stay' | 'start' | 'shop' | 'station' | 'gather';
export const PLAIN_SYMBOLS: PlainSymbol[] = ['gather', 'pill', 'gapPill', 'gapEnd', 'stay', 'start', 'shop', 'station'];
export function plainSymbol(kind: PlainSymbol, mode: Mode): SymbolName {
  return name(kind, mode);
}

/** Colour of a state for graphics (at least 3 : 1 on every ground). */
function markColor(c: Colors, state: PersonMark['state']): string {
  const { tone } = STATE_LOOK[state];
  return tone === 'accent' ? c.accent : c[`${tone}Mark`];
}

/** Draws the picture of a name; null when the name is none of ours. */
export function drawSymbol(symbol: SymbolName, pixelRatio: number): SymbolImage | null {
  const [kind, mode, ...rest] = symbol.split(SPLIT);
  if (mode !== 'light' && mode !== 'dark') return null;
  const c = COLORS[mode];
  switch (kind) {
    case 'person':
      return canvas(60, 60, pixelRatio, (pen) =>
        drawPerson(pen, c, rest[0] as PersonMark['state'], rest[1] ?? '', rest[2] === '1'));
    case 'dot': {
      const state = rest[0] as PersonMark['state'];
      return canvas(20, 20, pixelRatio, (pen) => {
        if (state === 'silent') return disc(pen, 10, 10, 6.5, c.surface, { color: c.silentMark, width: 1.8, dash: [3, 2.4] });
        disc(pen, 10, 10, 8, markColor(c, state), { color: c.surface, width: 1.5 });
        drawIcon(pen, STATE_LOOK[state].icon, 10, 10, 10, c.surface, 2.4);
      });
    }
    case 'head':
      return canvas(60, 60, pixelRatio, (pen) => {
        const mark = markColor(c, rest[0] as PersonMark['state']);
        disc(pen, 30, 30, 18, mark + '2E');
        disc(pen, 30, 30, 13, c.surface, { color: mark, width: 3.5 });
        centredText(pen, rest[1] ?? '', 30, 30, `700 12px ${FONT}`, c.ink);
      });
    case 'wedge':
      return canvas(12, 9, pixelRatio, (pen) => {
        pen.fillStyle = markColor(c, rest[0] as PersonMark['state']);
        pen.beginPath();
        pen.moveTo(6, 0);
        pen.lineTo(12, 8);
        pen.lineTo(0, 8);
        pen.fill();
      });
    case 'cluster':
      return canvas(52, 52, pixelRatio, (pen) => drawCluster(pen, c, rest[0] ?? '', rest[1] ?? ''));
    case 'stop':
      return canvas(42, 42, pixelRatio, (pen) =>
        drawStop(pen, c, mode, rest[0] as StopMark['state'], rest[1] ?? '', rest[2] === '1'));
    case 'customer':
      return canvas(28, 28, pixelRatio, (pen) => drawCustomer(pen, c, Number(rest[0] ?? 2), rest[1] === '1', rest[2] === '1'));
    case 'pill':
      return pill(pixelRatio, c.surface, c.line, []);
    case 'gather':
      return pill(pixelRatio, c.surface, c.ink2, [], 4);
    case 'gapPill':
      return pill(pixelRatio, c.surface, c.silentMark, [3, 2.4], 6);
    case 'gapEnd':
      return canvas(14, 14, pixelRatio, (pen) => disc(pen, 7, 7, 4.2, c.surface, { color: c.silentMark, width: 1.8, dash: [2, 1.6] }));
    case 'stay':
      return canvas(24, 24, pixelRatio, (pen) => {
        disc(pen, 12, 12, 9, c.surface, { color: c.idleMark, width: 2 });
        drawIcon(pen, 'cup', 12, 12, 12, c.idle, 2.2);
      });
    case 'start':
      return canvas(26, 26, pixelRatio, (pen) => {
        box(pen, 2, 2, 22, 6, c.surface, c.ink, 1.6);
        drawIcon(pen, 'home', 13, 13, 14, c.ink, 2);
      });
    case 'shop':
      return canvas(24, 24, pixelRatio, (pen) => {
        box(pen, 2, 2, 20, 6, c.ink, null, 0);
        drawIcon(pen, 'store', 12, 12, 13, c.surface, 2);
      });
    case 'station':
      return canvas(12, 12, pixelRatio, (pen) => {
        disc(pen, 6, 6, 4.8, c.mHalo, { color: c.mLabel, width: 1.3 });
        disc(pen, 6, 6, 1.7, c.mLabel);
      });
    default:
      return null;
  }
}

type Colors = Record<ColorToken, string>;

function drawPerson(pen: CanvasRenderingContext2D, c: Colors, state: PersonMark['state'], letter: string, selected: boolean): void {
  const radius = selected ? 18 : 14;
  const mark = markColor(c, state);
  const silent = state === 'silent';
  if (selected) disc(pen, 30, 30, radius + 9, mark + '29');
  shadow(pen, true);
  disc(pen, 30, 30, radius + 1.5, c.surface);
  shadow(pen, false);
  disc(pen, 30, 30, radius, c.surface, {
    color: mark, width: silent ? 2 : selected ? 4 : 3.2, dash: silent ? [4, 3] : undefined,
  });
  centredText(pen, letter, 30, 30, `700 ${selected ? 15 : 12}px ${FONT}`, silent ? c.silent : c.ink);
  if (silent) return;
  const away = radius * 0.78;
  disc(pen, 30 + away, 30 - away, 8, mark, { color: c.surface, width: 1.5 });
  drawIcon(pen, STATE_LOOK[state].icon, 30 + away, 30 - away, 10, c.surface, 2.6);
}

function drawCluster(pen: CanvasRenderingContext2D, c: Colors, count: string, ring: string): void {
  const radius = count.length > 3 ? 21 : count.length > 2 ? 19 : 17;
  shadow(pen, true);
  disc(pen, 26, 26, radius + 2, c.surface);
  shadow(pen, false);
  const slices = ring.split(',').map((part) => part.split(':') as [PersonMark['state'], string]);
  const total = slices.reduce((sum, [, share]) => sum + Number(share), 0) || 1;
  let angle = -Math.PI / 2;
  pen.lineWidth = 4;
  for (const [state, share] of slices) {
    const width = (Number(share) / total) * 2 * Math.PI;
    const gap = slices.length > 1 ? 0.06 : 0;
    pen.beginPath();
    pen.arc(26, 26, radius - 1, angle + gap, angle + width - gap);
    pen.strokeStyle = markColor(c, state);
    pen.setLineDash(state === 'silent' ? [4, 3] : []);
    pen.stroke();
    angle += width;
  }
  pen.setLineDash([]);
  centredText(pen, count, 26, 26, `700 ${count.length > 3 ? 12 : 13}px ${FONT}`, c.ink);
}

function drawStop(pen: CanvasRenderingContext2D, c: Colors, mode: Mode, state: StopMark['state'], seq: string, selected: boolean): void {
  const look: Record<StopMark['state'], [fill: string, text: string, edge: string]> = {
    done: [c.ink, c.surface, c.ink],
    now: [c.accent, c.onAccent, c.accent],
    todo: [c.surface, c.ink, c.ink],
    late: [c.lateSoft, c.late, c.lateMark],
    skipped: [c.surface, c.ink3, c.lineInput],
  };
  const [fill, text, edge] = look[state];
  if (selected) disc(pen, 21, 21, 19, c.accent + '33');
  disc(pen, 21, 21, 14, c.mHalo);
  disc(pen, 21, 21, 12, fill, { color: edge, width: 2, dash: state === 'skipped' ? [3, 2.4] : undefined });
  centredText(pen, seq, 21, 21, `700 ${seq.length > 2 ? 10 : 12.5}px ${FONT}`, text);
  if (state !== 'done') return;
  disc(pen, 31.5, 30.4, 6, c.visitMark, { color: c.mHalo, width: 1.5 });
  drawIcon(pen, 'check', 31.5, 30.4, 9, mode === 'dark' ? c.ground : '#FFFFFF', 3.6);
}

function drawCustomer(pen: CanvasRenderingContext2D, c: Colors, rank: number, chosen: boolean, selected: boolean): void {
  const half = ([5.5, 4.8][rank] ?? 4) + (chosen ? 1.5 : 0);
  if (selected) disc(pen, 14, 14, 13, c.accent + '3D');
  box(pen, 14 - half - 1.2, 14 - half - 1.2, 2 * half + 2.4, 3.2, c.mHalo, null, 0);
  const color = chosen ? c.accent : c.ink2;
  box(pen, 14 - half, 14 - half, 2 * half, 2.4, rank === 0 || chosen ? color : c.surface, color, 1.5);
  if (chosen) drawIcon(pen, 'check', 14, 14, half * 1.8, c.onAccent, 3.4);
}

function box(
  pen: CanvasRenderingContext2D, x: number, y: number, size: number, radius: number, fill: string, edge: string | null, width: number,
): void {
  pen.beginPath();
  pen.roundRect(x, y, size, size, radius);
  pen.fillStyle = fill;
  pen.fill();
  if (!edge) return;
  pen.strokeStyle = edge;
  pen.lineWidth = width;
  pen.stroke();
}

/** Ground of a text, stretched by the map to the width of the words. */
function pill(pixelRatio: number, fill: string, edge: string, dash: number[], radius = 8): SymbolImage {
  const image = canvas(22, 18, pixelRatio, (pen) => {
    pen.beginPath();
    pen.roundRect(1, 1, 20, 16, radius);
    pen.fillStyle = fill;
    pen.fill();
    pen.setLineDash(dash);
    pen.strokeStyle = edge;
    pen.lineWidth = 1;
    pen.stroke();
    pen.setLineDash([]);
  });
  const r = pixelRatio;
  return { ...image, stretchX: [[9 * r, 13 * r]], stretchY: [[8 * r, 10 * r]], content: [5 * r, 1 * r, 17 * r, 17 * r] };
}

function shadow(pen: CanvasRenderingContext2D, on: boolean): void {
  pen.shadowColor = on ? 'rgb(0 0 0 / .24)' : 'transparent';
  pen.shadowBlur = on ? 5 : 0;
  pen.shadowOffsetY = on ? 2 : 0;
}

function canvas(width: number, height: number, pixelRatio: number, draw: (pen: CanvasRenderingContext2D) => void): SymbolImage {
  const element = document.createElement('canvas');
  element.width = Math.ceil(width * pixelRatio);
  element.height = Math.ceil(height * pixelRatio);
  const pen = element.getContext('2d', { willReadFrequently: true });
  if (!pen) throw new Error('no 2d canvas');
  pen.scale(pixelRatio, pixelRatio);
  draw(pen);
  return { data: pen.getImageData(0, 0, element.width, element.height), pixelRatio };
}
