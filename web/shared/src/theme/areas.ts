import type { Mode } from './tokens';

/**
 * Colours of territories, by their place in the palette: dark enough on paper and bright enough at night for a line of 1.6 px.
 * They only tell neighbours apart; which one it is stands on it.
 */
export const AREA_COLORS: Record<Mode, readonly string[]> = {
  light: ['#1D6FB8', '#B4531A', '#5B7F1E', '#8A3FA8', '#B8325E', '#0F7F86', '#8C6A00', '#4A56C4', '#2F7D46', '#9C4A6F', '#6B5B4A', '#52667A'],
  dark: ['#6DB3F2', '#F0986A', '#A9CF62', '#CF9BEA', '#F58FB0', '#5FD0D6', '#E0BD4A', '#A3ADFF', '#86CF9A', '#E3A0C2', '#C9B49C', '#A9BCCF'],
};

/** The colour of a place in the palette; beyond it they begin again. */
export function areaColor(mode: Mode, place: number): string {
  const all = AREA_COLORS[mode];
  return all[((place % all.length) + all.length) % all.length] ?? '#52667A';
}
