import type { LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl';

/** Layers in drawing order and the sources they read. */
export interface MapPart {
  sources: Record<string, SourceSpecification>;
  layers: LayerSpecification[];
}

/** Attribution is shown by our own element; MapLibre gets it only as data. */
export function styleOf(...parts: MapPart[]): StyleSpecification {
  return {
    version: 8,
    sources: Object.assign({}, ...parts.map((part) => part.sources)) as StyleSpecification['sources'],
    layers: parts.flatMap((part) => part.layers),
  };
}

/*
 * No glyph server: without `glyphs` MapLibre draws every letter from the fonts of the device. It reads the weight and the
 * style out of the first family name, which therefore names no real font.
 */
const FACES = ['PingFang SC', 'Noto Sans CJK SC', 'Microsoft YaHei', 'sans-serif'];
export const REGULAR = ['Tashi Regular', ...FACES];
export const MEDIUM = ['Tashi Medium', ...FACES];
export const BOLD = ['Tashi Bold', ...FACES];
export const ITALIC = ['Tashi Italic', ...FACES];
