import { useEffect, useRef } from 'react';
import { useT } from '@tashi/shared/i18n';
import { formText } from './text.ts';
import './form.css';

interface Detector {
  detect: (source: HTMLVideoElement) => Promise<{ rawValue: string }[]>;
}
export const Detecting = (globalThis as { BarcodeDetector?: new () => Detector }).BarcodeDetector;

/** The camera, looking for a code. */
export function Scanner({ onCode, onEnd }: { onCode: (code: string) => void; onEnd: () => void }) {
  const t = useT(formText);
  const video = useRef<HTMLVideoElement>(null);
  const heard = useRef({ onCode, onEnd });
  heard.current = { onCode, onEnd };
  useEffect(() => {
    let stream: MediaStream | null = null;
    let timer = 0;
    let gone = false;
    const begin = async () => {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
      if (gone || !video.current || !Detecting) return stream.getTracks().forEach((track) => track.stop());
      video.current.srcObject = stream;
      await video.current.play();
      const detector = new Detecting();
      timer = window.setInterval(() => {
        if (video.current) void detector.detect(video.current).then((codes) => { if (codes[0]) heard.current.onCode(codes[0].rawValue); }, () => undefined);
      }, 300);
    };
    begin().catch(() => heard.current.onEnd());
    return () => {
      gone = true;
      clearInterval(timer);
      stream?.getTracks().forEach((track) => track.stop());
    };
  }, []);
  return <video ref={video} className="form-scan" playsInline muted aria-label={t('scanning')} />;
}
