import { useQuery } from '@tanstack/react-query';
import { api, type Id } from '@tashi/shared/api';
import { commonText, useLanguage, useT } from '@tashi/shared/i18n';
import { SkeletonRows } from '@tashi/shared/ui';
import { Modal } from '../../kit/Modal';
import { ProblemView } from '../../kit/ProblemView';
import { ordersText } from './text';

interface Label {
  id: Id;
  code: string;
  name: string;
  customer: string;
  url: string;
  qr_svg: string;
}

const picture = (svg: string) => `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;

const STYLE = `
  @page { margin: 10mm }
  body { font: 9pt/1.35 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif; color: #000; margin: 0; display: grid; grid-template-columns: repeat(3, 1fr); gap: 4mm }
  div { border: .4pt solid #999; border-radius: 2mm; padding: 3mm; text-align: center; break-inside: avoid; overflow-wrap: anywhere }
  img { width: 34mm; height: 34mm } b { display: block; font-size: 11pt } p { margin: 0 }
`;

/** A sheet of labels with the code that leads a phone to the piece. */
export function Labels({ ids, onClose }: { ids: readonly Id[]; onClose(): void }) {
  const t = useT(ordersText);
  const common = useT(commonText);
  const language = useLanguage();
  const labels = useQuery({ queryKey: ['equipment-labels', ids], queryFn: async () => (await api.get<{ items: Label[] }>('/equipment-labels', { query: { ids: ids.join(',') } })).items });
  const print = () => {
    const frame = document.createElement('iframe');
    frame.setAttribute('aria-hidden', 'true');
    frame.style.cssText = 'position:fixed;inset:auto 0 0 auto;width:0;height:0;border:0';
    document.body.append(frame);
    const view = frame.contentWindow;
    if (!view) return frame.remove();
    const page = view.document;
    page.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    page.title = t('labelsTitle');
    const sheet = new (view as unknown as typeof globalThis).CSSStyleSheet();
    sheet.replaceSync(STYLE);
    page.adoptedStyleSheets = [sheet];
    const waiting = (labels.data ?? []).map((one) => {
      const box = page.body.appendChild(page.createElement('div'));
      const image = box.appendChild(page.createElement('img'));
      image.src = picture(one.qr_svg);
      for (const [tag, words] of [['b', one.name], ['p', one.code], ['p', one.customer], ['p', t('labelHint')]] as const) box.appendChild(page.createElement(tag)).textContent = words;
      return image.decode().catch(() => undefined);
    });
    view.addEventListener('afterprint', () => frame.remove());
    void Promise.all(waiting).then(() => { view.focus(); view.print(); });
  };
  return (
    <Modal title={t('labelsTitle')} width={700} onClose={onClose} foot={<><button type="button" className="btn" onClick={onClose}>{common('close')}</button><button type="button" className="btn pri" disabled={!labels.data} onClick={print}>{t('labels')}</button></>}>
      {labels.error ? <ProblemView error={labels.error} onRetry={() => void labels.refetch()} /> : null}
      {labels.isPending ? <SkeletonRows rows={3} height={140} /> : null}
      <div className="label-sheet">
        {(labels.data ?? []).map((one) => <div key={one.id}><img src={picture(one.qr_svg)} alt={one.url} /><b>{one.name}</b><p>{one.code}</p><p>{one.customer}</p></div>)}
      </div>
    </Modal>
  );
}
