/** All zones the browser knows, those of East Asia first, with their present offset: `Asia/Shanghai (UTC+8)`. */
export function timeZoneOptions(): { value: string; label: string }[] {
  const first = ['Asia/Shanghai', 'Asia/Urumqi', 'Asia/Hong_Kong', 'Asia/Taipei', 'Asia/Singapore', 'Asia/Tokyo'];
  const known = typeof Intl.supportedValuesOf === 'function' ? Intl.supportedValuesOf('timeZone') : [];
  const names = [...first, ...known.filter((zone) => !first.includes(zone))];
  return names.map((zone) => ({ value: zone, label: `${zone} (${offsetOf(zone)})` }));
}

function offsetOf(zone: string): string {
  const part = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'shortOffset' })
    .formatToParts(Date.now())
    .find((one) => one.type === 'timeZoneName');
  return (part?.value ?? '').replace('GMT', 'UTC').replace('-', '−') || 'UTC';
}
