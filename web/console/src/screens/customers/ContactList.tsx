import { useMutation } from '@tanstack/react-query';
import { api, type Contact } from '@tashi/shared/api';
import { commonText, useFormat, useT } from '@tashi/shared/i18n';
import { Avatar, Icon, toast } from '@tashi/shared/ui';
import { Button, Checkbox, Form, Input } from 'antd';
import { useState } from 'react';
import { Confirm } from '../../kit/Confirm';
import { MenuButton } from '../../kit/MenuButton';
import { Modal } from '../../kit/Modal';
import { ProblemView } from '../../kit/ProblemView';
import { useProblemFields } from '../../kit/useProblemFields';
import { customersText } from './text';

/** People at the customer. Numbers are masked until asked for; asking is written to the audit log. */
export function ContactList({ customerId, contacts, canWrite, onChanged, brief }: {
  customerId: string;
  contacts: Contact[];
  canWrite: boolean;
  onChanged(): Promise<unknown>;
  /** Without editing, for the overview. */
  brief?: boolean;
}) {
  const t = useT(customersText);
  const [edit, setEdit] = useState<Contact | 'new' | null>(null);
  const [drop, setDrop] = useState<Contact | null>(null);
  return (
    <>
      {contacts.length === 0 ? <p className="m3 s12">{t('noContacts')}</p> : null}
      <ul className="contacts">
        {contacts.map((contact) => (
          <li key={contact.id}>
            <Avatar name={contact.name} size="sm" />
            <span className="cell2" style={{ flex: 1 }}>
              <b>{contact.name}{contact.primary && !brief ? <span className="tag" style={{ marginLeft: 6 }}>{t('primary')}</span> : null}</b>
              <PhoneLine contact={contact} />
            </span>
            {canWrite && !brief ? (
              <MenuButton
                label={contact.name}
                className="icb"
                items={[
                  { key: 'edit', icon: 'edit', label: t('editContact'), run: () => setEdit(contact) },
                  { key: 'delete', icon: 'trash', label: t('deleteContact'), danger: true, run: () => setDrop(contact) },
                ]}
              >
                <Icon name="more" />
              </MenuButton>
            ) : null}
          </li>
        ))}
      </ul>
      {brief ? null : (
        <div className="row" style={{ marginTop: 12, flexWrap: 'wrap' }}>
          {canWrite ? <button type="button" className="btn sm" onClick={() => setEdit('new')}><Icon name="plus" size={14} />{t('addContact')}</button> : null}
          <span className="note"><Icon name="lock" size={13} />{t('revealHint')}</span>
        </div>
      )}
      {edit ? <ContactForm customerId={customerId} contact={edit === 'new' ? null : edit} onClose={() => setEdit(null)} onChanged={onChanged} /> : null}
      {drop ? (
        <Confirm
          title={t('deleteContactTitle', { name: drop.name })}
          detail={t('deleteContactDetail')}
          verb={t('deleteContact')}
          onClose={() => setDrop(null)}
          run={async () => {
            await api.delete('/contacts/{id}', { params: { id: drop.id } });
            await onChanged();
            toast(t('contactDeleted', { name: drop.name }));
          }}
        />
      ) : null}
    </>
  );
}

function PhoneLine({ contact }: { contact: Contact }) {
  const t = useT(customersText);
  const reveal = useMutation({ mutationFn: () => api.get<{ phone: string | null }>('/contacts/{id}/phone', { params: { id: contact.id } }) });
  const format = useFormat();
  const title = contact.title ? format.dots([' ', contact.title]) : '';
  if (reveal.data?.phone) {
    return (
      <span className="sub">
        <a href={`tel:${reveal.data.phone}`} aria-label={t('call', { name: contact.name })}>{reveal.data.phone}</a>
        {title}
      </span>
    );
  }
  return (
    <span className="sub">
      {contact.phone_masked ? (
        <button
          type="button"
          className="reveal"
          title={format.saying([t('reveal'), t('revealHint')])}
          aria-label={`${t('reveal')} ${contact.name}`}
          disabled={reveal.isPending}
          onClick={() => reveal.mutate()}
        >
          {contact.phone_masked}
          <Icon name="eye" size={13} />
        </button>
      ) : (
        '—'
      )}
      {title}
      {reveal.error ? <ProblemView error={reveal.error} compact /> : null}
    </span>
  );
}

interface Values {
  name: string;
  title?: string;
  phone?: string;
  primary?: boolean;
}

function ContactForm({ customerId, contact, onClose, onChanged }: {
  customerId: string;
  contact: Contact | null;
  onClose(): void;
  onChanged(): Promise<unknown>;
}) {
  const t = useT(customersText);
  const common = useT(commonText);
  const [form] = Form.useForm<Values>();
  const problem = useProblemFields(form);
  const save = useMutation({
    mutationFn: (values: Values) => {
      const body = { name: values.name.trim(), title: values.title?.trim() || null, primary: !!values.primary };
      const phone = values.phone?.trim();
      // An empty number of an existing contact means: leave it.
      const full = contact ? (phone ? { ...body, phone } : body) : { ...body, phone: phone || null };
      return contact
        ? api.patch('/contacts/{id}', full, { params: { id: contact.id } })
        : api.post('/customers/{id}/contacts', full, { params: { id: customerId } });
    },
    onSuccess: async (_, values) => {
      await onChanged();
      toast(t('contactSaved', { name: values.name }));
      onClose();
    },
    onError: problem.show,
  });
  return (
    <Modal title={contact ? t('editContact') : t('addContact')} onClose={onClose} width={400}>
      <Form<Values>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={contact ? { name: contact.name, title: contact.title ?? undefined, primary: contact.primary } : undefined}
        onFinish={(values) => save.mutate(values)}
      >
        <Form.Item name="name" label={t('contactName')} rules={[{ required: true, whitespace: true, message: t('form.needed') }]}>
          <Input maxLength={40} autoFocus />
        </Form.Item>
        <Form.Item name="title" label={t('contactTitle')}><Input maxLength={40} /></Form.Item>
        <Form.Item name="phone" label={t('contactPhone')} extra={contact?.phone_masked ? t('contactPhoneKeep') : undefined}>
          <Input maxLength={20} inputMode="tel" placeholder={contact?.phone_masked ?? undefined} autoComplete="off" />
        </Form.Item>
        <Form.Item name="primary" valuePropName="checked"><Checkbox>{t('contactPrimary')}</Checkbox></Form.Item>
        {problem.problem ? <ProblemView error={problem.problem} compact /> : null}
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button type="primary" htmlType="submit" loading={save.isPending}>{common('save')}</Button>
        </div>
      </Form>
    </Modal>
  );
}
