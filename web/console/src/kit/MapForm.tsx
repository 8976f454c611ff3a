import { commonText, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { Button } from 'antd';
import { useState, type ReactNode } from 'react';
import { Confirm } from './Confirm';
import { ProblemView } from './ProblemView';

/** What is asked before something on the map goes for good. */
export interface Removal {
  verb: string;
  detail: string;
  run(): Promise<unknown>;
}

/** A form beside the map it is drawn on: a head that leads back, the fields, and a foot to save, to leave and to remove. */
export function MapForm({ title, back, canWrite, ready, saving, error, removal, onSave, onClose, children }: {
  title: string;
  back: string;
  canWrite: boolean;
  /** It can be sent as it is. */
  ready: boolean;
  saving: boolean;
  error: unknown;
  /** Absent for what is not kept yet. */
  removal: Removal | null;
  onSave(): void;
  onClose(): void;
  children: ReactNode;
}) {
  const common = useT(commonText);
  const [removing, setRemoving] = useState(false);
  return (
    <>
      <div className="hd">
        <button type="button" className="icb" aria-label={back} title={back} onClick={onClose}><Icon name="left" /></button>
        <h2 className="sp clip">{title}</h2>
      </div>
      <div className="map-form">
        {children}
        {error ? <ProblemView error={error} compact /> : null}
      </div>
      {canWrite ? (
        <div className="map-foot">
          <Button type="primary" loading={saving} disabled={!ready} onClick={onSave}>{common('save')}</Button>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <span className="sp" />
          {removal ? <button type="button" className="btn ghost danger" onClick={() => setRemoving(true)}>{removal.verb}</button> : null}
        </div>
      ) : null}
      {removal && removing ? <Confirm title={removal.verb} detail={removal.detail} verb={removal.verb} run={removal.run} onClose={() => setRemoving(false)} /> : null}
    </>
  );
}

/** How many corners are drawn, and the last one taken back. */
export function Corners<P>({ words, undo, clear, corners, disabled, onChange }: {
  words: string;
  undo: string;
  /** Given: all of them can be taken away. */
  clear?: string;
  corners: P[];
  disabled: boolean;
  onChange(next: P[]): void;
}) {
  return (
    <div className="row g6 map-corners">
      <span className="m2 sp">{words}</span>
      <button type="button" className="btn sm" disabled={!corners.length || disabled} onClick={() => onChange(corners.slice(0, -1))}><Icon name="undo" size={14} />{undo}</button>
      {clear ? <button type="button" className="btn sm" disabled={disabled} onClick={() => onChange([])}>{clear}</button> : null}
    </div>
  );
}
