// Printed documents as somebody who holds them sees them: drawn by another program, their words and what is on the page.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const DPI = 72; // one dot a point

/**
 * A PDF looked at: its text in the order of the page, and per page how many dots are dark. `below(word, box)` counts the dark dots in
 * a box of points under a word, with the box's corner at the word's left edge.
 */
export function looked(pdf, keep = null) {
  const folder = mkdtempSync(path.join(tmpdir(), 'tashi-paper-'));
  try {
    const file = path.join(folder, 'document.pdf');
    writeFileSync(file, pdf);
    const text = execFileSync('pdftotext', ['-layout', file, '-']).toString();
    const places = execFileSync('pdftotext', ['-bbox', file, '-']).toString();
    execFileSync('pdftoppm', ['-r', String(DPI), '-gray', file, path.join(folder, 'page')]);
    const pages = readdirSync(folder).filter((name) => name.endsWith('.pgm')).sort().map((name) => picture(readFileSync(path.join(folder, name))));
    if (keep) execFileSync('pdftoppm', ['-r', '110', '-png', file, keep]);
    const below = (word, { width, height }) => {
      const found = new RegExp(`<word xMin="([\\d.]+)" yMin="[\\d.]+" xMax="[\\d.]+" yMax="([\\d.]+)">${word}</word>`).exec(places);
      if (!found) throw new Error(`no “${word}” on the paper`);
      const [x, y] = [Math.round(Number(found[1])), Math.round(Number(found[2]))];
      const { dots, wide } = pages[0];
      let dark = 0;
      for (let row = y; row < y + height; row++) for (let column = x; column < x + width; column++) if (dots[row * wide + column] < 110) dark += 1;
      return dark;
    };
    return { text, below, dark: pages.map(({ dots }) => dots.reduce((sum, dot) => sum + (dot < 110 ? 1 : 0), 0)) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A grey picture as netpbm writes it: `P5`, width, height, the white of it, then the dots. */
function picture(bytes) {
  const head = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(bytes.subarray(0, 64).toString('latin1'));
  if (!head) throw new Error('no picture');
  return { wide: Number(head[1]), dots: bytes.subarray(head[0].length) };
}
