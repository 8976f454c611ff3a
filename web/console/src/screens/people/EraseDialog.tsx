import { api, type Employee } from '@tashi/shared/api';
import { commonText, useT } from '@tashi/shared/i18n';
import { toast } from '@tashi/shared/ui';
import { useState } from 'react';
import { Modal } from '../../kit/Modal';
import { ProblemView } from '../../kit/ProblemView';
import { peopleText } from './text';

/** Erasing somebody's personal data: says what goes and what stays, and wants the name typed. */
export function EraseDialog({ employee, onClose, onDone }: { employee: Employee; onClose(): void; onDone(): Promise<unknown> }) {
  const t = useT(peopleText);
  const common = useT(commonText);
  const [name, setName] = useState('');
  const [photos, setPhotos] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const run = async () => {
    setBusy(true);
    setError(null);
    try {
      await api.post('/employees/{id}/erase', { name, photos }, { params: { id: employee.id } });
      await onDone();
      toast(t('erase.done'));
      onClose();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return (
    <Modal
      title={t('erase.title', { name: employee.name })}
      width={480}
      onClose={onClose}
      foot={
        <>
          <button type="button" className="btn" onClick={onClose}>{common('cancel')}</button>
          <button type="button" className="btn danger-fill" disabled={busy || name.trim() !== employee.name} onClick={() => void run()}>{t('erase.verb')}</button>
        </>
      }
    >
      <div className="erase">
        <p>{t('erase.goes')}</p>
        <p className="m2">{t('erase.stays')}</p>
        <label className="row"><input type="checkbox" checked={photos} onChange={(event) => setPhotos(event.target.checked)} />{t('erase.photos')}</label>
        <label className="erase-name"><span>{t('erase.type', { name: employee.name })}</span><input autoComplete="off" data-autofocus value={name} onChange={(event) => setName(event.target.value)} /></label>
        {error ? <ProblemView error={error} compact /> : null}
      </div>
    </Modal>
  );
}
