import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api, toProblem, type Goal, type SignedIn } from '@tashi/shared/api';
import { commonText, useT } from '@tashi/shared/i18n';
import { Icon, Logo, toast, type IconName } from '@tashi/shared/ui';
import { Button, Form, Input, Select } from 'antd';
import { useMemo, useState } from 'react';
import { beginSession } from '../../app/session';
import { PasswordInput } from '../../kit/PasswordInput';
import { ProblemView } from '../../kit/ProblemView';
import { timeZoneOptions } from '../../kit/timeZones';
import { useProblemFields } from '../../kit/useProblemFields';
import { PublicFrame } from '../../shell/PublicFrame';
import { deviceName } from '../signin/deviceName';
import { signInText } from '../signin/text';
import { setupText } from './text';

interface Values {
  company: string;
  time_zone: string;
  admin_name: string;
  login: string;
  password: string;
  again: string;
  goal: Goal;
}

const STEPS = ['company', 'admin', 'goal'] as const;
const FIELDS: Record<(typeof STEPS)[number], (keyof Values)[]> = {
  company: ['company', 'time_zone'],
  admin: ['admin_name', 'login', 'password', 'again'],
  goal: ['goal'],
};
const GOALS: { key: Goal; icon: IconName }[] = [
  { key: 'truth', icon: 'shield' },
  { key: 'efficiency', icon: 'bolt' },
  { key: 'cost', icon: 'receipt' },
];
const LOGIN_RULE = /^[A-Za-z0-9._@-]{3,64}$/;

/** First run of a new installation: company, first administrator, first goal. There is no default password. */
export function SetupScreen() {
  const t = useT(setupText);
  const common = useT(commonText);
  const device = useT(signInText);
  const navigate = useNavigate();
  const [form] = Form.useForm<Values>();
  const problem = useProblemFields(form);
  const [at, setAt] = useState(0);
  const zones = useMemo(timeZoneOptions, []);
  const step = STEPS[at] ?? 'company';

  const create = useMutation({
    mutationFn: async (values: Values) => {
      const { again: _, ...body } = values;
      await api.post<SignedIn>('/setup', body);
      // The set-up answers with a token for scripts; this browser wants the cookie session.
      return api.post<SignedIn>('/auth/login', {
        login: values.login,
        password: values.password,
        cookie: true,
        device_name: device('device', deviceName(navigator.userAgent)),
      });
    },
    onSuccess: async ({ me }) => {
      beginSession(me);
      await navigate({ to: '/' });
      toast(t('done'));
    },
    onError: (error) => {
      const field = toProblem(error).fields[0]?.field;
      const where = STEPS.findIndex((one) => FIELDS[one].some((name) => name === field));
      if (where >= 0) setAt(where);
      problem.show(error);
    },
  });

  // Only the fields of the step on the screen are mounted, so the form has checked exactly those.
  const next = () => {
    if (at < STEPS.length - 1) setAt(at + 1);
    else create.mutate(form.getFieldsValue(true) as Values);
  };

  return (
    <PublicFrame title={t('title')} wide>
      <div className="public-head">
        <Logo size={40} />
        <div>
          <h1>{t('title')}</h1>
          <p>{t('intro')}</p>
        </div>
      </div>
      <ol className="steps">
        {STEPS.map((one, index) => (
          <li key={one} className={index < at ? 'done' : index === at ? 'now' : ''} aria-current={index === at ? 'step' : undefined}>
            {t(`step.${one}`)}
          </li>
        ))}
      </ol>
      <Form<Values>
        form={form}
        layout="vertical"
        requiredMark={false}
        preserve
        initialValues={{ time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone || 'Asia/Shanghai', goal: 'truth' }}
        onFinish={next}
      >
        {step === 'company' ? (
          <>
          <Form.Item name="company" label={t('company')} extra={t('companyHint')} rules={[{ required: true, whitespace: true, message: t('needed') }]}>
            <Input maxLength={80} autoComplete="organization" autoFocus />
          </Form.Item>
          <Form.Item name="time_zone" label={t('timeZone')} extra={t('timeZoneHint')} rules={[{ required: true, message: t('needed') }]}>
            <Select showSearch options={zones} />
          </Form.Item>
          </>
        ) : null}
        {step === 'admin' ? (
          <>
          <Form.Item name="admin_name" label={t('name')} rules={[{ required: true, whitespace: true, message: t('needed') }]}>
            <Input maxLength={40} autoComplete="name" />
          </Form.Item>
          <Form.Item name="login" label={t('login')} extra={t('loginHint')} rules={[{ required: true, pattern: LOGIN_RULE, message: t('loginRule') }]}>
            <Input autoComplete="username" autoCapitalize="none" spellCheck={false} maxLength={64} />
          </Form.Item>
          <Form.Item name="password" label={t('password')} extra={t('passwordHint')} rules={[{ required: true, min: 10, message: t('tooShort') }]}>
            <PasswordInput autoComplete="new-password" />
          </Form.Item>
          <Form.Item
            name="again"
            label={t('again')}
            dependencies={['password']}
            rules={[
              { required: true, message: t('needed') },
              ({ getFieldValue }) => ({
                validator: (_, value: string) =>
                  !value || value === getFieldValue('password') ? Promise.resolve() : Promise.reject(new Error(t('differs'))),
              }),
            ]}
          >
            <PasswordInput autoComplete="new-password" />
          </Form.Item>
          </>
        ) : null}
        {step === 'goal' ? (
          <>
          <p className="m2" style={{ marginBottom: 12 }}>{t('goalIntro')}</p>
          <Form.Item name="goal" noStyle>
            <GoalChoice />
          </Form.Item>
          </>
        ) : null}
        {problem.problem ? <ProblemView error={problem.problem} compact /> : null}
        <div className="row" style={{ marginTop: 8 }}>
          {at > 0 ? <Button onClick={() => setAt(at - 1)}>{common('back')}</Button> : null}
          <span className="sp" />
          <Button type="primary" htmlType="submit" loading={create.isPending}>
            {at < STEPS.length - 1 ? common('next') : t('finish')}
          </Button>
        </div>
      </Form>
    </PublicFrame>
  );
}

function GoalChoice({ value, onChange }: { value?: Goal; onChange?(goal: Goal): void }) {
  const t = useT(setupText);
  return (
    <div role="radiogroup" aria-label={t('step.goal')}>
      {GOALS.map(({ key, icon }) => (
        <label key={key} className="goal">
          <input type="radio" name="goal" value={key} checked={value === key} onChange={() => onChange?.(key)} />
          <Icon name={icon} size={20} />
          <span>
            <b>{t(`goal.${key}`)}</b>
            <p>{t(`goal.${key}Detail`)}</p>
          </span>
        </label>
      ))}
    </div>
  );
}
