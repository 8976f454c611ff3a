import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COLORS, type ColorToken, type Mode } from './tokens';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
const split = css.indexOf(':root[data-theme="dark"]');
const blocks: Record<Mode, string> = { light: css.slice(0, split), dark: css.slice(split) };

/** `--accent-soft` and `accentSoft` are one token. */
const plain = (name: string) => name.replaceAll('-', '').toLowerCase();

function cssColors(mode: Mode): Map<string, string> {
  return new Map([...blocks[mode].matchAll(/--([a-z0-9-]+):\s*(#[0-9A-Fa-f]{6})/g)].map((m) => [plain(m[1] ?? ''), m[2] ?? '']));
}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5]
    .map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** The light colours as they are in the sun. */
const sun: Record<ColorToken, string> = { ...COLORS.light };
for (const [, name = '', hex = ''] of readFileSync(new URL('./sun.css', import.meta.url), 'utf8').matchAll(/--([a-z0-9-]+):\s*(#[0-9A-Fa-f]{6})/g)) {
  const token = (Object.keys(sun) as ColorToken[]).find((one) => plain(one) === plain(name));
  if (!token) throw new Error(`sun.css speaks of --${name}, which is no colour of tokens.css`);
  sun[token] = hex;
}

const STATES = ['moving', 'visit', 'idle', 'late', 'problem', 'silent'] as const;

/** Words and what they stand on. */
const TEXTS: [ColorToken, ColorToken][] = [
  ['ink', 'surface'], ['ink2', 'surface'], ['ink3', 'surface'], ['ink', 'ground'], ['ink2', 'ground'], ['ink3', 'ground'],
  ['ink3', 'sunken'], ['accent', 'surface'], ['accent', 'ground'], ['accent', 'accentSoft'], ['onAccent', 'accent'],
  ...STATES.flatMap((state): [ColorToken, ColorToken][] => [[state, 'surface'], [state, 'ground'], [state, `${state}Soft`]]),
  ['mLabel', 'mGround'], ['mWlabel', 'mWater'], ['mPlabel', 'mPark'],
];

describe('the colours in the sun', () => {
  it('keep words readable, on paper and on every soft ground: 7 : 1', () => {
    expect(TEXTS.filter(([text, on]) => contrast(sun[text], sun[on]) < 7)).toEqual([]);
    expect([sun.ink, sun.surface, sun.ground]).toEqual(['#000000', '#FFFFFF', '#FFFFFF']);
  });

  it('keep edges and signs as strong as words', () => {
    const marks: ColorToken[] = ['line', 'lineStrong', 'lineInput', 'accentLine', 'focus', ...STATES.map((state) => `${state}Mark` as ColorToken)];
    expect(marks.filter((mark) => contrast(sun[mark], sun.surface) < 7)).toEqual([]);
  });
});

describe.each(['light', 'dark'] as const)('%s tokens', (mode) => {
  const colors = COLORS[mode];

  it('are the same in CSS and in code', () => {
    const fromCode = new Map(Object.entries(colors).map(([name, hex]) => [plain(name), hex]));
    expect(fromCode).toEqual(cssColors(mode));
  });

  it('keep text readable: 4.5 : 1', () => {
    const poor = TEXTS.filter(([text, on]) => contrast(colors[text], colors[on]) < 4.5);
    expect(poor).toEqual([]);
  });

  it('keep graphics visible: 3 : 1', () => {
    const marks: ColorToken[] = [...STATES.map((state) => `${state}Mark` as ColorToken), 'c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'lineInput'];
    const poor = marks.filter((mark) => contrast(colors[mark], colors.surface) < 3);
    expect(poor).toEqual([]);
  });
});
