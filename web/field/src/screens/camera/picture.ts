/** From a live frame to the bytes that count: scaled, compressed, fingerprinted on this phone. */

/** Long edge of a stored photo, px. */
const EDGE = 1280;
const QUALITY = 0.8;
const THUMB_EDGE = 240;

export interface Picture {
  bytes: ArrayBuffer;
  sha256: string;
  width: number;
  height: number;
  thumb: string;
  taken_at: string;
}

function draw(video: HTMLVideoElement, edge: number): HTMLCanvasElement {
  const scale = Math.min(1, edge / Math.max(video.videoWidth, video.videoHeight));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** Takes the frame that is on the screen now. */
export async function takePicture(video: HTMLVideoElement): Promise<Picture> {
  const taken_at = new Date().toISOString();
  const canvas = draw(video, EDGE);
  const thumb = draw(video, THUMB_EDGE).toDataURL('image/jpeg', 0.7);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
  if (!blob) throw new Error('The camera gave no picture');
  const bytes = await blob.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return { bytes, sha256, width: canvas.width, height: canvas.height, thumb, taken_at };
}

export interface Look {
  /** Mean brightness, 0–255. */
  brightness: number;
  /** Variance of the second difference: low where nothing has an edge. */
  sharpness: number;
}

/** How the live picture looks, from a small copy; null before the first frame. */
export function look(video: HTMLVideoElement): Look | null {
  if (video.videoWidth === 0) return null;
  const canvas = draw(video, 160);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return null;
  const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
  const grey = (x: number, y: number) => {
    const i = (y * width + x) * 4;
    return 0.3 * (data[i] ?? 0) + 0.59 * (data[i + 1] ?? 0) + 0.11 * (data[i + 2] ?? 0);
  };
  let [sum, edges, squares, n] = [0, 0, 0, 0];
  for (let y = 1; y < height - 1; y += 2) {
    for (let x = 1; x < width - 1; x += 2) {
      const here = grey(x, y);
      const bend = 4 * here - grey(x - 1, y) - grey(x + 1, y) - grey(x, y - 1) - grey(x, y + 1);
      sum += here;
      edges += bend;
      squares += bend * bend;
      n += 1;
    }
  }
  return n === 0 ? null : { brightness: sum / n, sharpness: squares / n - (edges / n) ** 2 };
}
