/** Hand-off to a map app: each gets the point in the datum it draws. */
import type { Point, TravelMode } from '@tashi/shared/api';
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

/** How each app calls the three ways of getting about. None takes e-bikes apart from bicycles by link. */
const WAYS: Record<MapApp, Record<TravelMode, string>> = {
  amap: { car: '0', ebike: '3', foot: '2' },
  baidu: { car: 'driving', ebike: 'riding', foot: 'walking' },
  tencent: { car: 'drive', ebike: 'bike', foot: 'walk' },
  // Apple Maps knows no bicycles by link in China: streets are driven.
  apple: { car: 'd', ebike: 'd', foot: 'w' },
  google: { car: 'driving', ebike: 'two-wheeler', foot: 'walking' },
};
/** The web map of 高德 has words of its own. */
const AMAP_WEB: Record<TravelMode, string> = { car: 'car', ebike: 'ride', foot: 'walk' };

/** Link that starts navigation to a WGS-84 point, driven, ridden or walked. */
export function navigationUrl(app: MapApp, platform: Platform, to: Point, name: string, mode: TravelMode = 'car'): string {
  const way = WAYS[app][mode];
  const label = encodeURIComponent(name);
  const gcj = toGcj02(to);
  switch (app) {
    case 'amap':
      // dev=0: the point is already shifted.
      if (platform === 'ios') return `iosamap://path?sourceApplication=tashi&dlat=${gcj[1].toFixed(6)}&dlon=${gcj[0].toFixed(6)}&dname=${label}&dev=0&t=${way}`;
      if (platform === 'android') return `amapuri://route/plan/?sourceApplication=tashi&dlat=${gcj[1].toFixed(6)}&dlon=${gcj[0].toFixed(6)}&dname=${label}&dev=0&t=${way}`;
      return `https://uri.amap.com/navigation?to=${pair(gcj, 'lnglat')},${label}&mode=${AMAP_WEB[mode]}&coordinate=gaode&callnative=1&src=tashi`;
    case 'baidu': {
      const destination = `latlng:${pair(toBd09(to), 'latlng')}|name:${label}`;
      if (platform === 'other') return `https://api.map.baidu.com/direction?destination=${destination}&coord_type=bd09ll&mode=${way}&output=html&src=tashi`;
      return `${platform === 'ios' ? 'baidumap' : 'bdapp'}://map/direction?destination=${destination}&coord_type=bd09ll&mode=${way}&src=tashi`;
    }
    case 'tencent':
      if (platform === 'other') return `https://apis.map.qq.com/uri/v1/routeplan?type=${way}&to=${label}&tocoord=${pair(gcj, 'latlng')}&referer=tashi`;
      return `qqmap://map/routeplan?type=${way}&to=${label}&tocoord=${pair(gcj, 'latlng')}&referer=tashi`;
    case 'apple':
      return `https://maps.apple.com/?daddr=${pair(gcj, 'latlng')}&dirflg=${way}&q=${label}`;
    case 'google':
      // Google's app takes WGS-84 and shifts by itself where its map is shifted.
      return `https://www.google.com/maps/dir/?api=1&destination=${pair(to, 'latlng')}&travelmode=${way}`;
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
