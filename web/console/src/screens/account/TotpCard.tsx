import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type TotpEnrolment } from '@tashi/shared/api';
import { commonText, useT } from '@tashi/shared/i18n';
import { Badge, toast } from '@tashi/shared/ui';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { meQuery, useMe } from '../../app/session';
import { CopyLine } from '../../kit/CopyLine';
import { ProblemView } from '../../kit/ProblemView';
import { QrImage } from '../../kit/QrImage';
import { accountText } from './text';

/** Two-step sign-in: enrol by scanning a code and confirming six digits, or turn it off with six digits. */
export function TotpCard() {
  const t = useT(accountText);
  const me = useMe();
  const client = useQueryClient();
  const [closing, setClosing] = useState(false);
  const refresh = () => client.invalidateQueries({ queryKey: meQuery.queryKey });
  const enrol = useMutation({ mutationFn: () => api.post<TotpEnrolment>('/me/totp', {}) });
  const confirm = useMutation({
    mutationFn: (code: string) => api.post('/me/totp/confirm', { code }),
    onSuccess: async () => {
      enrol.reset();
      await refresh();
      toast(t('totp.enabled'));
    },
  });
  const disable = useMutation({
    mutationFn: (code: string) => api.post('/me/totp/disable', { code }),
    onSuccess: async () => {
      setClosing(false);
      await refresh();
      toast(t('totp.disabled'));
    },
  });

  return (
    <section className="panel-card">
      <h3 className="row">
        {t('totp.title')}
        {me.totp_enabled ? <Badge tone="visit" icon="shield">{t('totp.on')}</Badge> : <Badge tone="silent">{t('totp.off')}</Badge>}
      </h3>
      <p className="m2">{me.totp_enabled ? t('totp.onDetail') : t('totp.offDetail')}</p>
      {enrol.error ? <ProblemView error={enrol.error} compact /> : null}
      {me.totp_enabled ? (
        closing ? (
          <>
            <p className="m2">{t('totp.disableHint')}</p>
            <CodeForm verb={t('totp.disable')} busy={disable.isPending} error={disable.error} onSubmit={(code) => disable.mutate(code)} onCancel={() => setClosing(false)} />
          </>
        ) : (
          <div><Button onClick={() => setClosing(true)}>{t('totp.disable')}</Button></div>
        )
      ) : enrol.data ? (
        <div className="row g16" style={{ alignItems: 'flex-start', flexWrap: 'wrap' }}>
          <div className="qr"><QrImage svg={enrol.data.qr_svg} label={t('totp.qr')} /></div>
          <div className="col" style={{ gap: 12, flex: 1, minWidth: 260 }}>
            <p>{t('totp.scan')}</p>
            <CopyLine label={t('totp.secret')} value={enrol.data.secret} />
            <CodeForm verb={t('totp.confirm')} busy={confirm.isPending} error={confirm.error} onSubmit={(code) => confirm.mutate(code)} onCancel={() => enrol.reset()} />
          </div>
        </div>
      ) : (
        <div><Button type="primary" loading={enrol.isPending} onClick={() => enrol.mutate()}>{t('totp.enable')}</Button></div>
      )}
    </section>
  );
}

function CodeForm({ verb, busy, error, onSubmit, onCancel }: {
  verb: string;
  busy: boolean;
  error: unknown;
  onSubmit(code: string): void;
  onCancel(): void;
}) {
  const t = useT(accountText);
  const common = useT(commonText);
  const [code, setCode] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(code);
      }}
    >
      <label className="stack" style={{ marginBottom: 10 }}>
        <span className="m2">{t('totp.code')}</span>
        <Input
          value={code}
          autoFocus
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={6}
          style={{ width: 140, letterSpacing: '.2em' }}
          onChange={(event) => setCode(event.target.value.replace(/\D/g, ''))}
        />
      </label>
      {error ? <ProblemView error={error} compact /> : null}
      <div className="row">
        <Button type="primary" htmlType="submit" loading={busy} disabled={code.length !== 6}>{verb}</Button>
        <Button onClick={onCancel}>{common('cancel')}</Button>
      </div>
    </form>
  );
}
