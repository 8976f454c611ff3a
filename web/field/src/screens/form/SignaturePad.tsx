import { useEffect, useRef, useState } from 'react';
import { Icon } from '@tashi/shared/ui';
import './form.css';

/** A white field to be signed with the finger; what was signed is handed over as it stands there. */
export function SignaturePad({ label, words, onSigned }: { label: string; words: { clear: string; done: string }; onSigned: (pad: HTMLCanvasElement) => Promise<void> }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [marks, setMarks] = useState(0);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    const pad = canvas.current;
    if (pad) [pad.width, pad.height] = [pad.clientWidth * 2, pad.clientHeight * 2];
  }, []);
  const at = (e: React.PointerEvent) => {
    const box = e.currentTarget.getBoundingClientRect();
    return [(e.clientX - box.left) * 2, (e.clientY - box.top) * 2] as const;
  };
  const begin = (e: React.PointerEvent<HTMLCanvasElement>) => {
    e.currentTarget.setPointerCapture(e.pointerId);
    const pen = e.currentTarget.getContext('2d');
    pen?.beginPath();
    pen?.moveTo(...at(e));
  };
  const move = (e: React.PointerEvent<HTMLCanvasElement>) => {
    const pen = e.currentTarget.getContext('2d');
    if (!pen || !e.currentTarget.hasPointerCapture(e.pointerId)) return;
    Object.assign(pen, { lineWidth: 5, lineCap: 'round', lineJoin: 'round', strokeStyle: '#111' });
    pen.lineTo(...at(e));
    pen.stroke();
    setMarks((n) => n + 1);
  };
  const clear = () => {
    const pad = canvas.current;
    pad?.getContext('2d')?.clearRect(0, 0, pad.width, pad.height);
    setMarks(0);
  };
  const keep = async () => {
    if (!canvas.current) return;
    setBusy(true);
    await onSigned(canvas.current).finally(() => setBusy(false));
  };
  return (
    <div className="form-sign">
      <canvas ref={canvas} aria-label={label} role="img" onPointerDown={begin} onPointerMove={move} />
      <div className="row">
        <button type="button" className="chipbtn" disabled={marks === 0} onClick={clear}>{words.clear}</button>
        <button type="button" className="chipbtn" disabled={marks < 3 || busy} onClick={() => void keep()}><Icon name="check" size={18} weight={2} />{words.done}</button>
      </div>
    </div>
  );
}
