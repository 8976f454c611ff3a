import { Link } from '@tanstack/react-router';
import { said } from '@tashi/shared/forms/said.ts';
import { useFormat, useLanguage, useT } from '@tashi/shared/i18n';
import { Ago, Icon } from '@tashi/shared/ui';
import { iconNamed } from '@tashi/shared/ui/Icon.tsx';
import { objectsText } from './text';
import { useHasObjects, useLinks } from './useObjects';

/** How many of them stand beside other things; all of them have a tab of their own. */
const FEW = 8;

/** Records of the company's own objects that refer to a customer or a person; nothing where there are no objects. */
export function ObjectLinks({ to, all = false }: { to: string; all?: boolean }) {
  const t = useT(objectsText);
  const format = useFormat();
  const language = useLanguage();
  const has = useHasObjects();
  const links = useLinks(to);
  if (!has || !links.data) return null;
  return (
    <section>
      <h3>{t('links')}</h3>
      {links.data.length === 0 ? <p className="s12 m3">{t('linksNone')}</p> : null}
      {(all ? links.data : links.data.slice(0, FEW)).map((one) => (
        <p key={one.id} className="s12">
          <Link to="/business/$key" params={{ key: one.object_key }} search={{ record: one.id }} className="row g4">
            <Icon name={iconNamed(one.icon)} size={13} /><span className="clip">{one.title}</span><span className="m3 nw">{format.dots([said(one.object_name, language), all ? one.code : null, all ? one.owner.name : null])} · <Ago at={one.created_at} /></span>
          </Link>
        </p>
      ))}
    </section>
  );
}
