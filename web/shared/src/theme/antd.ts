import { COLORS, FONT, type Mode } from './tokens';

/** The part of antd's ThemeConfig that depends only on our tokens; the console adds the light or dark algorithm. */
export interface AntdTokens {
  token: Record<string, string | number | boolean>;
  components: Record<string, Record<string, string | number | boolean>>;
}

/** Maps our tokens to antd 6: one teal for what can be pressed, state colours, compact 32 px controls, radius 8. */
export function antdTheme(mode: Mode): AntdTokens {
  const c = COLORS[mode];
  return {
    token: {
      colorPrimary: c.accent,
      colorPrimaryHover: c.accentHover,
      colorPrimaryActive: c.accentHover,
      colorPrimaryBg: c.accentSoft,
      colorPrimaryBgHover: c.accentSoft,
      colorPrimaryBorder: c.accentLine,
      colorTextLightSolid: c.onAccent,
      colorInfo: c.moving,
      colorSuccess: c.visit,
      colorWarning: c.late,
      colorError: c.problem,
      colorErrorHover: c.problemMark,
      colorLink: c.accent,
      colorLinkHover: c.accentHover,
      colorText: c.ink,
      colorTextSecondary: c.ink2,
      colorTextTertiary: c.ink3,
      colorTextQuaternary: c.ink3,
      colorTextDescription: c.ink3,
      colorTextPlaceholder: c.ink3,
      colorTextDisabled: c.ink3,
      colorTextHeading: c.ink,
      colorBgBase: c.surface,
      colorBgContainer: c.surface,
      colorBgElevated: c.raised,
      colorBgLayout: c.ground,
      colorBgSpotlight: mode === 'light' ? c.ink : c.raised,
      colorFillAlter: c.sunken,
      colorBgContainerDisabled: c.sunken,
      colorBorder: c.lineStrong,
      colorBorderSecondary: c.line,
      colorSplit: c.line,
      controlItemBgHover: c.hover,
      controlItemBgActive: c.accentSoft,
      controlItemBgActiveHover: c.accentSoft,
      controlOutline: c.accentSoft,
      fontFamily: FONT,
      fontSize: 13,
      fontSizeSM: 12,
      fontSizeLG: 14,
      fontSizeHeading1: 24,
      fontSizeHeading2: 20,
      fontSizeHeading3: 16,
      fontSizeHeading4: 14,
      fontWeightStrong: 500,
      borderRadius: 8,
      borderRadiusSM: 6,
      borderRadiusLG: 12,
      controlHeight: 32,
      controlHeightSM: 26,
      controlHeightLG: 40,
      // On a busy machine the end of a motion is sometimes never noticed: lists stay outside of the window, buttons keep
      // their loading sign. What opens is there at once instead.
      motion: false,
      wireframe: false,
    },
    components: {
      Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none', fontWeight: 500, paddingInline: 12 },
      Form: { itemMarginBottom: 16, verticalLabelPadding: '0 0 4px', labelColor: c.ink2 },
      Tabs: { horizontalItemPadding: '8px 0 9px', horizontalItemGutter: 20, titleFontSize: 13 },
      Segmented: { itemSelectedBg: mode === 'light' ? c.surface : c.raised, trackBg: c.sunken },
      Tooltip: { colorTextLightSolid: mode === 'light' ? c.surface : c.ink },
      Drawer: { paddingLG: 16 },
      Menu: { itemBorderRadius: 8, itemHeight: 36 },
    },
  };
}
