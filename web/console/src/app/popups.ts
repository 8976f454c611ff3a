// A list whose rows come from the server opens when they arrive. When that happens while the list is closed and opened again
// within one moment, rc-trigger waits for the end of a motion that was never begun and measures nothing: the list is open,
// but stays where lists wait to be measured, far outside of the window. On a busy machine that is one list in a few.
// Such a list is put under its field here; as soon as rc-trigger measures it, that place counts.
const WAITING = '.ant-select-dropdown:not(.ant-select-dropdown-hidden), .ant-picker-dropdown:not(.ant-picker-dropdown-hidden)';
/** Nobody sees a list later than this. */
const EVERY_MS = 250;
const GAP = 4;

function bringIn(): void {
  for (const popup of document.querySelectorAll<HTMLElement>(WAITING)) {
    if (popup.getBoundingClientRect().right > 0) continue;
    const field = document.querySelector('[role=combobox][aria-expanded=true]')?.closest('.ant-select, .ant-picker');
    if (!field) continue;
    const at = field.getBoundingClientRect();
    const origin = (popup.offsetParent ?? document.body).getBoundingClientRect();
    const { offsetHeight } = popup;
    const above = at.bottom + GAP + offsetHeight > window.innerHeight && at.top > offsetHeight + GAP;
    popup.style.left = `${at.left - origin.left}px`;
    popup.style.top = `${(above ? at.top - GAP - offsetHeight : at.bottom + GAP) - origin.top}px`;
    if (!popup.style.width) popup.style.width = `${at.width}px`;
  }
}

/** Brings open lists into sight that were never measured. */
export function keepPopupsInSight(): void {
  window.setInterval(bringIn, EVERY_MS);
}
