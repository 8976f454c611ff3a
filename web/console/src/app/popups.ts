// A list whose rows come from the server opens when they arrive. When that happens while the list is closed and opened again
// within one moment, rc-trigger waits for the end of a motion that was never begun: it measures nothing while it believes a
// motion is on, and a popup of unchanged size tells it nothing. The list is open, but stays where lists wait to be
// measured, far outside of the window. On a busy machine that is one list in a few. A changed size makes it measure.
const WAITING = '.ant-select-dropdown:not(.ant-select-dropdown-hidden), .ant-picker-dropdown:not(.ant-picker-dropdown-hidden)';
/** Nobody sees a list later than this. */
const EVERY_MS = 250;

function bringIn(): void {
  for (const popup of document.querySelectorAll<HTMLElement>(WAITING)) {
    if (popup.getBoundingClientRect().right > 0) continue;
    popup.style.paddingBottom = popup.style.paddingBottom === '5px' ? '6px' : '5px';
  }
}

/** Brings open lists into sight that were never measured. */
export function keepPopupsInSight(): void {
  window.setInterval(bringIn, EVERY_MS);
}
