import { useId, useState } from 'react';
import { useT } from '../i18n';
import { phonesText } from './text';

export const BRANDS = ['huawei', 'xiaomi', 'oppo', 'vivo', 'samsung', 'apple'] as const;
export type Brand = (typeof BRANDS)[number];
const STEPS = [1, 2, 3, 4] as const;

/** The brand a browser's own words tell, or the one most people here have. */
export function brandOf(agent: string): Brand {
  if (/iPhone|iPad/.test(agent)) return 'apple';
  if (/SM-|SAMSUNG/i.test(agent)) return 'samsung';
  if (/OPPO|CPH\d|PCLM|realme|RMX|OnePlus|PHB|PJ[A-Z]\d/i.test(agent)) return 'oppo';
  if (/vivo|iQOO|V\d{4}[A-Z]/i.test(agent)) return 'vivo';
  if (/Mi |Redmi|MIX|Xiaomi|M\d{4}[A-Z]|2\d{7,}[A-Z]/i.test(agent)) return 'xiaomi';
  return 'huawei';
}

/** The settings that keep a tracker app running, one brand at a time. */
export function PhoneHelp({ first, className }: { first?: Brand; className?: string }) {
  const t = useT(phonesText);
  const [brand, setBrand] = useState<Brand>(first ?? 'huawei');
  const list = useId();
  return (
    <div className={className ? `phone-help ${className}` : 'phone-help'}>
      <div className="phone-brands" role="group" aria-label={t('choose')}>
        {BRANDS.map((one) => (
          <button key={one} type="button" className={one === brand ? 'on' : ''} aria-pressed={one === brand} aria-controls={list} onClick={() => setBrand(one)}>
            {t(one)}
          </button>
        ))}
      </div>
      <ol id={list}>
        {STEPS.map((step) => <li key={step}><span aria-hidden="true">{step}</span><p>{t(`${brand}.${step}`)}</p></li>)}
      </ol>
      <p className="phone-differs">{t('differs')}</p>
    </div>
  );
}
