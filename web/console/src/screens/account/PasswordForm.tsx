import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { toast } from '@tashi/shared/ui';
import { Button, Form } from 'antd';
import { meQuery, useMe } from '../../app/session';
import { PasswordInput } from '../../kit/PasswordInput';
import { ProblemView } from '../../kit/ProblemView';
import { useProblemFields } from '../../kit/useProblemFields';
import { accountText } from './text';

export const PASSWORD_MIN = 10;

interface Values {
  old: string;
  new: string;
  again: string;
}

/** Replaces one's own password; all other devices stay signed in until they are revoked. */
export function PasswordForm() {
  const t = useT(accountText);
  const me = useMe();
  const client = useQueryClient();
  const [form] = Form.useForm<Values>();
  const problem = useProblemFields(form);
  const change = useMutation({
    mutationFn: (values: Values) => api.post('/me/password', { old: values.old, new: values.new }),
    onSuccess: async () => {
      form.resetFields();
      problem.clear();
      toast(t('password.changed'));
      await client.invalidateQueries({ queryKey: meQuery.queryKey });
    },
    onError: problem.show,
  });
  return (
    <Form form={form} layout="vertical" requiredMark={false} onFinish={(values) => change.mutate(values)} style={{ maxWidth: 360 }}>
      {/* Password managers need the name the password belongs to. */}
      <input type="text" autoComplete="username" value={me.employee.login ?? ''} readOnly hidden />
      <Form.Item name="old" label={t('password.old')} rules={[{ required: true, message: t('password.needed') }]}>
        <PasswordInput autoComplete="current-password" />
      </Form.Item>
      <Form.Item
        name="new"
        label={t('password.new')}
        extra={t('password.rule')}
        rules={[{ required: true, min: PASSWORD_MIN, message: t('password.tooShort') }]}
      >
        <PasswordInput autoComplete="new-password" />
      </Form.Item>
      <Form.Item
        name="again"
        label={t('password.again')}
        dependencies={['new']}
        rules={[
          { required: true, message: t('password.needed') },
          ({ getFieldValue }) => ({
            validator: (_, value: string) =>
              !value || value === getFieldValue('new') ? Promise.resolve() : Promise.reject(new Error(t('password.differs'))),
          }),
        ]}
      >
        <PasswordInput autoComplete="new-password" />
      </Form.Item>
      {problem.problem ? <ProblemView error={problem.problem} compact /> : null}
      <Button type="primary" htmlType="submit" loading={change.isPending}>{t('password.change')}</Button>
    </Form>
  );
}
