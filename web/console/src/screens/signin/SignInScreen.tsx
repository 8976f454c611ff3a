import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { api, toProblem, type SignedIn } from '@tashi/shared/api';
import { commonText, useFormat, useT } from '@tashi/shared/i18n';
import { Icon, Logo } from '@tashi/shared/ui';
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { beginSession, setupQuery } from '../../app/session';
import { PasswordInput } from '../../kit/PasswordInput';
import { ProblemView } from '../../kit/ProblemView';
import { PublicFrame } from '../../shell/PublicFrame';
import { DemoAccounts } from './DemoAccounts';
import { deviceName } from './deviceName';
import { signInText } from './text';

interface Values {
  login: string;
  password: string;
  totp?: string;
}

/** Sign-in with password and, when the account asks for it, the six digits of the authenticator. */
export function SignInScreen() {
  const t = useT(signInText);
  const common = useT(commonText);
  const navigate = useNavigate();
  const { next } = useSearch({ from: '/login' });
  const setup = useQuery(setupQuery);
  const [form] = Form.useForm<Values>();
  const [askTotp, setAskTotp] = useState(false);

  const signIn = useMutation({
    mutationFn: (values: Values) =>
      api.post<SignedIn>('/auth/login', {
        login: values.login.trim(),
        password: values.password,
        totp: values.totp?.trim() || undefined,
        cookie: true,
        device_name: t('device', deviceName(navigator.userAgent)),
      }),
    onSuccess: async ({ me }) => {
      beginSession(me);
      await navigate({ href: safeNext(next) });
    },
    onError: (error) => {
      if (toProblem(error).code !== 'auth.totp_required') return;
      setAskTotp(true);
      // The field is drawn first, then it can take the focus.
      requestAnimationFrame(() => form.getFieldInstance('totp')?.focus());
    },
  });

  return (
    <PublicFrame title={t('title')}>
      <div className="public-head">
        <Logo size={40} />
        <div>
          <h1>{common('appName')}</h1>
          <p>{t('promise')}</p>
        </div>
      </div>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(values) => signIn.mutate(values)} size="large">
        <Form.Item name="login" label={t('login')} rules={[{ required: true, message: t('needLogin') }]} hidden={askTotp}>
          <Input autoComplete="username" autoFocus autoCapitalize="none" spellCheck={false} />
        </Form.Item>
        <Form.Item name="password" label={t('password')} rules={[{ required: true, message: t('needPassword') }]} hidden={askTotp}>
          <PasswordInput autoComplete="current-password" />
        </Form.Item>
        {askTotp ? (
          <Form.Item name="totp" label={t('totp')} extra={t('totpHint')} rules={[{ required: true, pattern: /^\s*\d{6}\s*$/, message: t('needTotp') }]}>
            <Input inputMode="numeric" autoComplete="one-time-code" maxLength={6} />
          </Form.Item>
        ) : null}
        <SignInProblem error={signIn.error} askedTotp={askTotp && !!form.getFieldValue('totp')} />
        <Button type="primary" htmlType="submit" block loading={signIn.isPending}>{t('submit')}</Button>
        {askTotp ? (
          <Button
            type="link"
            block
            onClick={() => {
              setAskTotp(false);
              signIn.reset();
              form.resetFields();
            }}
          >
            {t('other')}
          </Button>
        ) : null}
      </Form>
      {setup.data?.demo && !askTotp ? (
        <DemoAccounts busy={signIn.isPending} onChoose={({ login, password }) => signIn.mutate({ login, password })} />
      ) : null}
      <div className="public-foot">
        <span><Icon name="phone" size={13} /> {t('field')} <a href="/m/">{window.location.host}/m/</a></span>
        {setup.data?.demo ? <span><Icon name="info" size={13} /> {t('demo')}</span> : null}
      </div>
    </PublicFrame>
  );
}

/** The failures of a sign-in in the words of this page; everything else as usual. */
function SignInProblem({ error, askedTotp }: { error: unknown; askedTotp: boolean }) {
  const t = useT(signInText);
  const format = useFormat();
  if (!error) return null;
  const problem = toProblem(error);
  if (problem.code === 'auth.totp_required') {
    return askedTotp ? <p className="fg-problem" role="alert" style={{ marginBottom: 12 }}>{t('badTotp')}</p> : null;
  }
  if (problem.code === 'auth.bad_login' || problem.code === 'auth.bad_totp') {
    const words = problem.code === 'auth.bad_totp' || askedTotp ? t('badTotp') : t('badLogin');
    return <p className="fg-problem" role="alert" style={{ marginBottom: 12 }}>{words}</p>;
  }
  if (problem.code === 'auth.locked') {
    const seconds = Number(problem.params.seconds);
    return (
      <div className="fg-problem" role="alert" style={{ marginBottom: 12 }}>
        <p>{t('locked')}</p>
        <p>{seconds > 0 ? t('lockedDetail', { minutes: format.number(Math.ceil(seconds / 60)) }) : t('lockedDetailSome')}</p>
      </div>
    );
  }
  return <ProblemView error={error} compact />;
}

/** Only addresses of this site; anything else would let a link send people elsewhere after sign-in. */
export function safeNext(next: string | undefined): string {
  return next && next.startsWith('/') && !next.startsWith('//') && !next.startsWith('/\\') ? next : '/';
}
