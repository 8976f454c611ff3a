/** Scrolls a table of days so that today, when it is one of them, is in the middle. */
export function showToday(box: HTMLElement | null): void {
  const day = box?.querySelector<HTMLElement>('th.now');
  if (!box || !day) return;
  const head = box.querySelector<HTMLElement>('th.who')?.offsetWidth ?? 0;
  box.scrollLeft = Math.max(0, day.offsetLeft - head - (box.clientWidth - head) / 2);
}
