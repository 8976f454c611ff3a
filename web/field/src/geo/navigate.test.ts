import { describe, expect, it } from 'vitest';
import type { Point } from '@tashi/shared/api';
import { toBd09, toGcj02 } from './datum.ts';
import { mapApps, navigationUrl, platformOf } from './navigate.ts';

const shop: Point = [118.7969, 32.0603];
const six = (n: number) => n.toFixed(6);

describe('navigation hand-off', () => {
  it('gives every app the datum it draws', () => {
    const gcj = toGcj02(shop);
    const bd = toBd09(shop);
    for (const platform of ['ios', 'android'] as const) {
      expect(navigationUrl('amap', platform, shop, '店')).toContain(`dlat=${six(gcj[1])}&dlon=${six(gcj[0])}`);
      expect(navigationUrl('tencent', platform, shop, '店')).toContain(`tocoord=${six(gcj[1])},${six(gcj[0])}`);
      expect(navigationUrl('baidu', platform, shop, '店')).toContain(`latlng:${six(bd[1])},${six(bd[0])}`);
    }
    expect(navigationUrl('apple', 'ios', shop, '店')).toContain(`daddr=${six(gcj[1])},${six(gcj[0])}`);
    expect(navigationUrl('google', 'android', shop, '店')).toContain(`destination=${six(shop[1])},${six(shop[0])}`);
    expect(navigationUrl('amap', 'other', shop, '店')).toContain(`to=${six(gcj[0])},${six(gcj[1])},`);
  });
  it('opens every app in the way the person gets about', () => {
    const url = (app: Parameters<typeof navigationUrl>[0], platform: Parameters<typeof navigationUrl>[1], mode: 'car' | 'ebike' | 'foot') => navigationUrl(app, platform, shop, '店', mode);
    expect((['car', 'ebike', 'foot'] as const).map((mode) => /&t=(\d)/.exec(url('amap', 'android', mode))?.[1])).toEqual(['0', '3', '2']);
    expect((['car', 'ebike', 'foot'] as const).map((mode) => /mode=(\w+)/.exec(url('amap', 'other', mode))?.[1])).toEqual(['car', 'ride', 'walk']);
    expect((['car', 'ebike', 'foot'] as const).map((mode) => /mode=(\w+)/.exec(url('baidu', 'ios', mode))?.[1])).toEqual(['driving', 'riding', 'walking']);
    expect((['car', 'ebike', 'foot'] as const).map((mode) => /type=(\w+)/.exec(url('tencent', 'other', mode))?.[1])).toEqual(['drive', 'bike', 'walk']);
    expect(url('apple', 'ios', 'foot')).toContain('dirflg=w');
    expect(url('google', 'android', 'ebike')).toContain('travelmode=two-wheeler');
  });
  it('escapes names, so that no name can add a parameter', () => {
    for (const app of mapApps('ios')) expect(navigationUrl(app, 'ios', shop, 'A&B 店?x=1')).not.toMatch(/A&B|\?x=1/);
  });
  it('knows the platform', () => {
    expect(platformOf('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0)')).toBe('ios');
    expect(platformOf('Mozilla/5.0 (Linux; Android 15; Pixel)')).toBe('android');
    expect(mapApps('android')).not.toContain('apple');
  });
});
