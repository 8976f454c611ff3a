import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { api, newId, toProblem, type FaultTaken, type LabelledEquipment } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { Icon, Logo } from '@tashi/shared/ui';
import { useState } from 'react';
import { ProblemView } from '../../kit/ProblemView';
import { PublicFrame } from '../../shell/PublicFrame';
import { FaultPhotos, type FaultPhoto } from './FaultPhotos';
import { serviceText } from './text';
import '../orders/orders.css';

/** Whoever scans the label on a piece of equipment says what is wrong with it, without a sign-in. */
export function FaultScreen() {
  const t = useT(serviceText);
  const { label } = useParams({ from: '/fault/$label' });
  const known = useQuery({ queryKey: ['fault', label], queryFn: () => api.get<LabelledEquipment>('/public/equipment/{label}', { params: { label } }), retry: false });
  const [id] = useState(newId);
  const [text, setText] = useState('');
  const [name, setName] = useState('');
  const [phone, setPhone] = useState('');
  const send = useMutation({ mutationFn: () => api.post<FaultTaken>('/public/equipment/{label}/faults', { id, text: text.trim(), phone: phone.trim(), ...(name.trim() ? { name: name.trim() } : {}) }, { params: { label } }) });
  const [photos, setPhotos] = useState<FaultPhoto[]>([]);
  // The report counts without them: what the line swallows is sent again by its own button.
  const pictures = useMutation({
    mutationFn: async (token: string) => {
      for (const photo of photos) await api.fetch('POST', '/public/orders/{token}/photos', photo.blob, { params: { token }, query: { id: photo.id }, headers: { 'Content-Type': 'application/octet-stream' } });
      return photos.length;
    },
  });
  const submit = () => send.mutate(undefined, { onSuccess: (taken) => { if (photos.length) pictures.mutate(taken.token); } });
  const unknown = known.error && toProblem(known.error).status === 404;
  return (
    <PublicFrame title={t('faultTitle')}>
      <header className="public-head"><Logo size={36} /><div><h1>{known.data?.equipment ?? t('faultTitle')}</h1>{known.data ? <p>{t('of', { company: known.data.company })}</p> : null}</div></header>
      {unknown ? <div role="alert"><b>{t('unknown')}</b><p className="m2">{t('unknownText')}</p></div> : known.error ? <ProblemView error={known.error} onRetry={() => void known.refetch()} /> : null}
      {send.data ? (
        <div role="status"><p className="row g6 fg-visit"><Icon name="okCircle" size={22} /><b>{t('sent')}</b></p><p>{t('sentText', { number: send.data.number })}</p>{pictures.isPending ? <p className="m2">{t('photosSending')}</p> : pictures.data ? <p>{t('photosSent', { count: pictures.data })}</p> : null}{pictures.error ? <><ProblemView error={pictures.error} compact /><p><button type="button" className="btn" onClick={() => pictures.mutate(send.data.token)}>{t('photosAgain')}</button></p></> : null}<Link to="/service/$token" params={{ token: send.data.token }} className="btn pri">{t('follow')}</Link></div>
      ) : known.data ? (
        <form className="public-form" onSubmit={(event) => { event.preventDefault(); submit(); }}>
          <label>{t('what')}<textarea className="plain-input" rows={4} required maxLength={500} placeholder={t('whatHint')} value={text} onChange={(event) => setText(event.target.value)} /></label>
          <FaultPhotos photos={photos} onChange={setPhotos} />
          <label>{t('phone')}<input className="plain-input" type="tel" required maxLength={30} autoComplete="tel" value={phone} onChange={(event) => setPhone(event.target.value)} /></label>
          <label>{t('name')}<input className="plain-input" maxLength={40} autoComplete="name" value={name} onChange={(event) => setName(event.target.value)} /></label>
          {send.error ? <ProblemView error={send.error} compact /> : null}
          <button type="submit" className="btn pri" disabled={!text.trim() || !phone.trim() || send.isPending}>{t(send.isPending ? 'sending' : 'send')}</button>
          <p className="s12 m3">{t('privacy')}</p>
        </form>
      ) : null}
    </PublicFrame>
  );
}
