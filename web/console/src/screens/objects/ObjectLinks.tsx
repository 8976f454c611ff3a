import { Link } from '@tanstack/react-router';
import { said } from '@tashi/shared/forms/said.ts';
import { useLanguage, useT } from '@tashi/shared/i18n';
import { Ago, Icon } from '@tashi/shared/ui';
import { iconNamed } from '@tashi/shared/ui/Icon.tsx';
import { objectsText } from './text';
import { useHasObjects, useLinks } from './useObjects';

/** Records of the company's own objects that refer to a customer; nothing where there are no objects. */
export function ObjectLinks({ to }: { to: string }) {
  const t = useT(objectsText);
  const language = useLanguage();
  const has = useHasObjects();
  const links = useLinks(to);
  if (!has || !links.data) return null;
  return (
    <section>
      <h3>{t('links')}</h3>
      {links.data.length === 0 ? <p className="s12 m3">{t('linksNone')}</p> : null}
      {links.data.slice(0, 8).map((one) => (
        <p key={one.id} className="s12">
          <Link to="/business/$key" params={{ key: one.object_key }} search={{ record: one.id }} className="row g4">
            <Icon name={iconNamed(one.icon)} size={13} /><span className="clip">{one.title}</span><span className="m3 nw">{said(one.object_name, language)} · <Ago at={one.created_at} /></span>
          </Link>
        </p>
      ))}
    </section>
  );
}
