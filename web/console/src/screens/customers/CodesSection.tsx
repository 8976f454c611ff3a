import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, newId, type Id, type Instant, type Ref } from '@tashi/shared/api';
import { commonText, useFormat, useLanguage, useT } from '@tashi/shared/i18n';
import { Icon, toast } from '@tashi/shared/ui';
import { useState } from 'react';
import { Modal } from '../../kit/Modal';
import { ProblemView } from '../../kit/ProblemView';
import { codesText } from './codesText';

type Kind = 'rotating' | 'printed';
interface Code {
  id: Id;
  customer_id: Id;
  kind: Kind;
  made_at: Instant;
  made_by: Ref;
  withdrawn_at: Instant | null;
  uses: number;
  last_used_at: Instant | null;
}
interface Sheet {
  customer: string;
  kind: Kind;
  text: string;
  word: string | null;
  qr_svg: string;
}

const KINDS: readonly Kind[] = ['rotating', 'printed'];
const picture = (svg: string) => `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;

/** Codes a rep reads on site: make, show or print, renew, withdraw. */
export function CodesSection({ customerId }: { customerId: Id }) {
  const t = useT(codesText);
  const common = useT(commonText);
  const format = useFormat();
  const client = useQueryClient();
  const key = ['customer-codes', customerId];
  const codes = useQuery({ queryKey: key, queryFn: async () => (await api.get<{ items: Code[] }>('/customers/{id}/codes', { params: { id: customerId } })).items });
  const [sheet, setSheet] = useState<{ code: Code; sheet: Sheet } | null>(null);
  const [sure, setSure] = useState<{ code: Code; act: 'renew' | 'withdraw' } | null>(null);
  const done = () => client.invalidateQueries({ queryKey: key });
  const show = useMutation({
    mutationFn: async (code: Code) => ({ code, sheet: await api.post<Sheet>('/customer-codes/{id}/sheet', undefined, { params: { id: code.id } }) }),
    onSuccess: setSheet,
  });
  const make = useMutation({
    mutationFn: (kind: Kind) => api.post<Code>('/customers/{id}/codes', { id: newId(), kind }, { params: { id: customerId } }),
    onSuccess: async (code) => {
      setSure(null);
      await done();
      show.mutate(code);
    },
  });
  const withdraw = useMutation({
    mutationFn: (code: Code) => api.delete('/customer-codes/{id}', { params: { id: code.id } }),
    onSuccess: async () => {
      setSure(null);
      await done();
      toast(t('withdrawn'));
    },
  });
  const problem = codes.error ?? make.error ?? show.error ?? withdraw.error;
  return (
    <section className="codes">
      <h3>{t('title')}</h3>
      <p className="s12 m3">{t('hint')}</p>
      {problem ? <ProblemView error={problem} compact /> : null}
      {KINDS.map((kind) => {
        const code = codes.data?.find((one) => one.kind === kind && !one.withdrawn_at);
        return (
          <div key={kind} className="codes-line" data-kind={kind}>
            <div>
              <b className="s12">{t(kind)}</b>
              <span className="s12 m3">{code ? t('madeBy', { name: code.made_by.name, day: format.dateTime(code.made_at) }) : t(`${kind}Hint`)}</span>
              {code?.last_used_at ? <span className="s12 m3">{t('used', { count: code.uses, time: format.dateTime(code.last_used_at) })}</span> : null}
            </div>
            <span className="row g4">
              {code ? (
                <>
                  <button type="button" className="btn sm" disabled={show.isPending} onClick={() => show.mutate(code)}>{t(kind === 'rotating' ? 'open' : 'print')}</button>
                  <button type="button" className="btn sm" onClick={() => setSure({ code, act: 'renew' })}>{t('renew')}</button>
                  <button type="button" className="btn sm" onClick={() => setSure({ code, act: 'withdraw' })}>{t('withdraw')}</button>
                </>
              ) : <button type="button" className="btn sm" disabled={make.isPending || codes.isPending} onClick={() => make.mutate(kind)}>{t('make')}</button>}
            </span>
          </div>
        );
      })}
      {sure ? (
        <Modal
          title={t(sure.act === 'renew' ? 'renewTitle' : 'withdrawTitle')} width={440} onClose={() => setSure(null)}
          foot={<><button type="button" className="btn" onClick={() => setSure(null)}>{common('cancel')}</button><button type="button" className="btn pri" disabled={make.isPending || withdraw.isPending} onClick={() => (sure.act === 'renew' ? make.mutate(sure.code.kind) : withdraw.mutate(sure.code))}>{t(sure.act)}</button></>}
        >
          <p>{t('sure')}</p>
        </Modal>
      ) : null}
      {sheet ? <CodeSheet sheet={sheet.sheet} onClose={() => setSheet(null)} /> : null}
    </section>
  );
}

const STYLE = `
  @page { margin: 18mm }
  body { font: 14pt/1.5 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif; color: #000; margin: 0; text-align: center }
  img { width: 90mm; height: 90mm; margin: 12mm 0 6mm } h1 { font-size: 22pt; margin: 0 } p { margin: 2mm 0 } code { font: 16pt/1.4 monospace; letter-spacing: .12em }
`;

/** What sets a screen up, or is printed. */
function CodeSheet({ sheet, onClose }: { sheet: Sheet; onClose(): void }) {
  const t = useT(codesText);
  const common = useT(commonText);
  const language = useLanguage();
  const word = sheet.word?.replace(/(.{4})(?=.)/g, '$1 ') ?? null;
  const print = () => {
    const frame = document.createElement('iframe');
    frame.setAttribute('aria-hidden', 'true');
    frame.style.cssText = 'position:fixed;inset:auto 0 0 auto;width:0;height:0;border:0';
    document.body.append(frame);
    const view = frame.contentWindow;
    if (!view) return frame.remove();
    const page = view.document;
    page.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    page.title = t('printed');
    const look = new (view as unknown as typeof globalThis).CSSStyleSheet();
    look.replaceSync(STYLE);
    page.adoptedStyleSheets = [look];
    page.body.appendChild(page.createElement('h1')).textContent = sheet.customer;
    const image = page.body.appendChild(page.createElement('img'));
    image.src = picture(sheet.qr_svg);
    page.body.appendChild(page.createElement('code')).textContent = word ?? '';
    page.body.appendChild(page.createElement('p')).textContent = t('sheetWords');
    view.addEventListener('afterprint', () => frame.remove());
    void image.decode().catch(() => undefined).then(() => { view.focus(); view.print(); });
  };
  const copy = async () => {
    await navigator.clipboard.writeText(sheet.text);
    toast(t('copied'));
  };
  return (
    <Modal
      title={t(sheet.kind === 'rotating' ? 'openTitle' : 'printTitle')} width={460} onClose={onClose}
      foot={
        <>
          <button type="button" className="btn" onClick={onClose}>{common('close')}</button>
          {sheet.kind === 'printed'
            ? <><button type="button" className="btn" onClick={() => void copy()}>{t('copyTag')}</button><button type="button" className="btn pri" onClick={print}><Icon name="printer" size={15} />{t('print')}</button></>
            : <><button type="button" className="btn" onClick={() => void copy()}>{t('copyLink')}</button><a className="btn pri" href={sheet.text} target="_blank" rel="noreferrer">{t('openHere')}</a></>}
        </>
      }
    >
      <div className="codes-sheet">
        <img src={picture(sheet.qr_svg)} alt={t(sheet.kind === 'rotating' ? 'openTitle' : 'printTitle')} />
        {word ? <code>{word}</code> : null}
        <p className="s12 m2">{t(sheet.kind === 'rotating' ? 'openHow' : 'printHow')}</p>
        <p className="s12 fg-late"><Icon name="lock" size={13} /> {t('secret')}</p>
      </div>
    </Modal>
  );
}
