import { useEffect, useState } from 'react';
import { useT } from '@tashi/shared/i18n';
import { Badge, Icon, type IconName } from '@tashi/shared/ui';
import { Page } from '../../shell/Page.tsx';
import { meText } from './text.ts';

type Answer = 'granted' | 'prompt' | 'denied' | 'unsupported';

async function ask(name: 'geolocation' | 'camera'): Promise<Answer> {
  if (name === 'geolocation' && !('geolocation' in navigator)) return 'unsupported';
  if (name === 'camera' && !navigator.mediaDevices?.getUserMedia) return 'unsupported';
  try {
    return (await navigator.permissions.query({ name: name as PermissionName })).state;
  } catch {
    // Some browsers cannot tell before they ask.
    return 'prompt';
  }
}

/** What may this app use, and how is it repaired when not? */
export function PermissionsScreen() {
  const t = useT(meText);
  const [answers, setAnswers] = useState<Record<'location' | 'camera' | 'storage', Answer> | null>(null);
  const check = async () => {
    const persisted = navigator.storage?.persisted ? ((await navigator.storage.persisted()) ? 'granted' : 'prompt') : 'unsupported';
    setAnswers({ location: await ask('geolocation'), camera: await ask('camera'), storage: persisted });
  };
  useEffect(() => void check(), []);
  const allow = {
    location: () => navigator.geolocation.getCurrentPosition(() => void check(), () => void check(), { timeout: 15_000 }),
    camera: () => void navigator.mediaDevices.getUserMedia({ video: true }).then((s) => s.getTracks().forEach((track) => track.stop())).catch(() => undefined).finally(() => void check()),
    storage: () => void navigator.storage.persist().finally(() => void check()),
  };
  const row = (key: 'location' | 'camera' | 'storage', icon: IconName, title: string, why: string) => {
    const answer = answers?.[key];
    return (
      <li className="li">
        <span className="ico"><Icon name={icon} size={22} /></span>
        <span><b>{title}</b><span className="d" style={{ display: 'block' }}>{why}</span></span>
        {answer === 'granted' ? <Badge tone="visit" icon="okCircle">{t('granted')}</Badge>
          : answer === 'denied' || answer === 'unsupported' ? <Badge tone="problem" icon="xCircle">{t(answer)}</Badge>
          : answer === 'prompt' ? <button type="button" className="chipbtn" aria-label={`${t('ask')} ${title}`} onClick={allow[key]}>{t('ask')}</button> : null}
      </li>
    );
  };
  return (
    <Page title={t('permissions')} backTo="/me" foot={<button type="button" className="cta sec" onClick={() => void check()}><Icon name="sync" size={20} />{t('checkAgain')}</button>}>
      <ul className="card list mx" style={{ marginTop: 4 }}>
        {row('location', 'locate', t('location'), t('locationWhy'))}
        {row('camera', 'camera', t('camera'), t('cameraWhy'))}
        {row('storage', 'shield', t('storageWord'), t('storageWhy'))}
      </ul>
      <h2 className="h3">{t('repairTitle')}</h2>
      <ul className="card list mx" style={{ marginBottom: 20 }}>
        {(['repairIos', 'repairAndroid', 'repairBrand', 'repairBrowser'] as const).map((key) => <li key={key} style={{ padding: 14, font: '15px/23px var(--font)' }}>{t(key)}</li>)}
      </ul>
    </Page>
  );
}
