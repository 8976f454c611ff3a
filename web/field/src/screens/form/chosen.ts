/** A file chosen on the phone, with its bytes and their fingerprint. */
import type { Chosen } from '../../work/record.ts';
import { onWhite } from './drawn.ts';

/** Long edge of a picture that is no proof of a visit, px. */
const EDGE = 1600;
const THUMB_EDGE = 240;

export async function sha256Of(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export async function chosenFile(file: File): Promise<Chosen> {
  const bytes = await file.arrayBuffer();
  return { bytes, name: file.name.slice(-200), mime: (file.type || 'application/octet-stream').slice(0, 100), size: bytes.byteLength, sha256: await sha256Of(bytes) };
}

/** A picture as a JPEG without what its camera wrote into it, with a small copy for the screen. */
export async function pictureOf(from: HTMLCanvasElement | ImageBitmap, name: string): Promise<Chosen> {
  const canvas = onWhite(from, EDGE);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.85));
  if (!blob) throw new Error('No picture came of it');
  const bytes = await blob.arrayBuffer();
  return { bytes, name, mime: 'image/jpeg', size: bytes.byteLength, sha256: await sha256Of(bytes), thumb: onWhite(from, THUMB_EDGE).toDataURL('image/jpeg', 0.75) };
}

export async function chosenPicture(file: File): Promise<Chosen> {
  const bitmap = await createImageBitmap(file);
  try {
    return await pictureOf(bitmap, `${file.name.replace(/\.[^.]*$/, '').slice(-80) || 'photo'}.jpg`);
  } finally {
    bitmap.close();
  }
}
