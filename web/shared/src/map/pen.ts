import { ICONS, type IconName } from '../ui/iconPaths';

/** Draws one of our icons into a canvas: `size` px wide, centred on `x`, `y`, in `color`. */
export function drawIcon(
  pen: CanvasRenderingContext2D, name: IconName, x: number, y: number, size: number, color: string, weight = 2.4,
): void {
  pen.save();
  pen.translate(x - size / 2, y - size / 2);
  pen.scale(size / 24, size / 24);
  pen.lineWidth = weight;
  pen.lineCap = 'round';
  pen.lineJoin = 'round';
  pen.strokeStyle = color;
  pen.fillStyle = color;
  for (const { path, filled, stroked, weight: own } of shapes(name)) {
    pen.lineWidth = own ?? weight;
    if (filled) pen.fill(path);
    if (stroked) pen.stroke(path);
  }
  pen.restore();
}

interface Shape {
  path: Path2D;
  filled: boolean;
  stroked: boolean;
  weight: number | null;
}

const parsed = new Map<IconName, Shape[]>();

/** The drawings are a few `path`, `circle` and `rect` elements; this reads just those. */
function shapes(name: IconName): Shape[] {
  let found = parsed.get(name);
  if (!found) {
    found = [...ICONS[name].matchAll(/<(path|circle|rect)\s([^>]*?)\/?>/g)].map(([, kind, text]) => {
      const attribute = (key: string) => new RegExp(`(?:^|\\s)${key}="([^"]*)"`).exec(text ?? '')?.[1];
      const value = (key: string) => Number(attribute(key) ?? 0);
      const path = kind === 'path' ? new Path2D(attribute('d')) : new Path2D();
      if (kind === 'circle') path.arc(value('cx'), value('cy'), value('r'), 0, 2 * Math.PI);
      if (kind === 'rect') path.roundRect(value('x'), value('y'), value('width'), value('height'), value('rx'));
      const own = attribute('stroke-width');
      return {
        path,
        filled: attribute('fill') === 'currentColor',
        stroked: attribute('stroke') !== 'none',
        weight: own ? Number(own) : null,
      };
    });
    parsed.set(name, found);
  }
  return found;
}

/** A filled circle with an optional edge. */
export function disc(
  pen: CanvasRenderingContext2D, x: number, y: number, radius: number, fill: string | null,
  edge?: { color: string; width: number; dash?: number[] },
): void {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  if (fill) {
    pen.fillStyle = fill;
    pen.fill();
  }
  if (edge) {
    pen.setLineDash(edge.dash ?? []);
    pen.strokeStyle = edge.color;
    pen.lineWidth = edge.width;
    pen.stroke();
    pen.setLineDash([]);
  }
}

/** Text centred on a point. */
export function centredText(pen: CanvasRenderingContext2D, text: string, x: number, y: number, font: string, color: string): void {
  pen.font = font;
  pen.fillStyle = color;
  pen.textAlign = 'center';
  pen.textBaseline = 'alphabetic';
  // The box of the very glyphs, so that 张, J and 12 all sit in the middle.
  const box = pen.measureText(text);
  pen.fillText(text, x, y + (box.actualBoundingBoxAscent - box.actualBoundingBoxDescent) / 2);
}
