import { addDays } from '@tashi/shared/i18n';

/** Minutes the clock of a zone is ahead of UTC at an instant. */
function ahead(ms: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
  }).formatToParts(ms);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
  const wall = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  return Math.round((wall - Math.floor(ms / 1000) * 1000) / 60_000);
}

/** The instant at which a zone's clock shows this minute of a local day; 1440 is the next midnight. */
export function instantAt(day: string, minute: number, zone: string): string {
  const [date, rest] = minute >= 1440 ? [addDays(day, 1), minute - 1440] : [day, minute];
  const wall = Date.parse(`${date}T00:00:00Z`) + rest * 60_000;
  // the offset before a change of clocks may be another than after it: the second look is at the right side
  const first = wall - ahead(wall, zone) * 60_000;
  return new Date(wall - ahead(first, zone) * 60_000).toISOString();
}
