/** Hand-off to a map app: each gets the point in the datum it draws. */
import type { Point } from '@tashi/shared/api';
import { toBd09, toGcj02 } from './datum.ts';

export type MapApp = 'amap' | 'baidu' | 'tencent' | 'apple' | 'google';
export type Platform = 'ios' | 'android' | 'other';

export function platformOf(userAgent: string): Platform {
  return /iPhone|iPad|iPod/.test(userAgent) ? 'ios' : /Android/.test(userAgent) ? 'android' : 'other';
}

/** Apps worth offering, the usual one first. */
export function mapApps(platform: Platform): MapApp[] {
  return platform === 'ios' ? ['amap', 'baidu', 'tencent', 'apple', 'google'] : ['amap', 'baidu', 'tencent', 'google'];
}

const pair = ([lng, lat]: Point, order: 'lnglat' | 'latlng') =>
  (order === 'lnglat' ? [lng, lat] : [lat, lng]).map((v) => v.toFixed(6)).join(',');

/** Link that starts navigation by car to a WGS-84 point. */
export function navigationUrl(app: MapApp, platform: Platform, to: Point, name: string): string {
  const label = encodeURIComponent(name);
  const gcj = toGcj02(to);
  switch (app) {
    case 'amap':
      // dev=0: the point is already shifted.
      if (platform === 'ios') return `iosamap://path?sourceApplication=tashi&dlat=${gcj[1].toFixed(6)}&dlon=${gcj[0].toFixed(6)}&dname=${label}&dev=0&t=0`;
      if (platform === 'android') return `amapuri://route/plan/?sourceApplication=tashi&dlat=${gcj[1].toFixed(6)}&dlon=${gcj[0].toFixed(6)}&dname=${label}&dev=0&t=0`;
      return `https://uri.amap.com/navigation?to=${pair(gcj, 'lnglat')},${label}&mode=car&coordinate=gaode&callnative=1&src=tashi`;
    case 'baidu': {
      const destination = `latlng:${pair(toBd09(to), 'latlng')}|name:${label}`;
      if (platform === 'other') return `https://api.map.baidu.com/direction?destination=${destination}&coord_type=bd09ll&mode=driving&output=html&src=tashi`;
      return `${platform === 'ios' ? 'baidumap' : 'bdapp'}://map/direction?destination=${destination}&coord_type=bd09ll&mode=driving&src=tashi`;
    }
    case 'tencent':
      if (platform === 'other') return `https://apis.map.qq.com/uri/v1/routeplan?type=drive&to=${label}&tocoord=${pair(gcj, 'latlng')}&referer=tashi`;
      return `qqmap://map/routeplan?type=drive&to=${label}&tocoord=${pair(gcj, 'latlng')}&referer=tashi`;
    case 'apple':
      return `https://maps.apple.com/?daddr=${pair(gcj, 'latlng')}&dirflg=d&q=${label}`;
    case 'google':
      // Google's app takes WGS-84 and shifts by itself where its map is shifted.
      return `https://www.google.com/maps/dir/?api=1&destination=${pair(to, 'latlng')}&travelmode=driving`;
  }
}

const REMEMBERED = 'tashi.map-app';

/** The app chosen last on this phone, if it can be had here. */
export function rememberedMapApp(platform: Platform): MapApp | null {
  const last = localStorage.getItem(REMEMBERED);
  return mapApps(platform).find((app) => app === last) ?? null;
}

export function rememberMapApp(app: MapApp): void {
  localStorage.setItem(REMEMBERED, app);
}
