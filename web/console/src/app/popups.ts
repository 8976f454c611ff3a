// A list that was closed and opened again in one moment waits for the end of a motion it never began (rc-trigger measures
// nothing while it believes a motion is on, and a popup of unchanged size tells nobody): it is open, but stays where
// lists wait to be measured, far outside of the window. On a busy machine that happens to one list in a few.
// Whoever opens lists presses something, so looking after each press finds them; a changed size makes them measure.
const WAITING = '.ant-select-dropdown:not(.ant-select-dropdown-hidden), .ant-picker-dropdown:not(.ant-picker-dropdown-hidden)';
const LOOKS_MS = [80, 250, 600, 1200];

function bringIn(): void {
  for (const popup of document.querySelectorAll<HTMLElement>(WAITING)) {
    if (popup.style.left !== '-1000vw') continue;
    popup.style.paddingBottom = popup.style.paddingBottom === '5px' ? '' : '5px';
  }
}

/** Brings open lists into sight that were never measured. */
export function keepPopupsInSight(): void {
  const look = () => LOOKS_MS.forEach((ms) => window.setTimeout(bringIn, ms));
  document.addEventListener('pointerdown', look, { capture: true, passive: true });
  document.addEventListener('keydown', look, { capture: true, passive: true });
}
