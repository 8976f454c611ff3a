/** A drawn signature as a picture like those of the camera: on white, fingerprinted on this phone. */
import type { Shot } from '../../work/record.ts';

const THUMB_EDGE = 240;

export function onWhite(from: HTMLCanvasElement | ImageBitmap, edge: number): HTMLCanvasElement {
  const scale = Math.min(1, edge / Math.max(from.width, from.height));
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [Math.round(from.width * scale), Math.round(from.height * scale)];
  const pen = canvas.getContext('2d');
  if (pen) {
    pen.fillStyle = '#fff';
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(from, 0, 0, canvas.width, canvas.height);
  }
  return canvas;
}

export async function drawn(pad: HTMLCanvasElement): Promise<Omit<Shot, 'fix'>> {
  const canvas = onWhite(pad, 1280);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.85));
  if (!blob) throw new Error('The signature gave no picture');
  const bytes = await blob.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return { bytes, sha256, width: canvas.width, height: canvas.height, taken_at: new Date().toISOString(), thumb: onWhite(pad, THUMB_EDGE).toDataURL('image/jpeg', 0.8) };
}
