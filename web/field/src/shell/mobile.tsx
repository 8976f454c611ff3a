/** The few parts of antd-mobile the screens use. Loaded with the first screen that needs one, not at start. */
import 'antd-mobile/es/global';
import ActionSheet, { type Action } from 'antd-mobile/es/components/action-sheet';
import { getDefaultConfig, setDefaultConfig } from 'antd-mobile/es/components/config-provider';
import Dialog from 'antd-mobile/es/components/dialog';
import enUS from 'antd-mobile/es/locales/en-US';
import zhCN from 'antd-mobile/es/locales/zh-CN';
import { Globals } from '@react-spring/web';
import { unstableSetRender } from 'antd-mobile/es/utils/unstable-render';
import type { ReactNode } from 'react';
import { type Root, createRoot } from 'react-dom/client';
import { currentLanguage } from '@tashi/shared/i18n';
import '@tashi/shared/theme/adm.css';

// antd-mobile renders its dialogs through an interface React 19 no longer has; without this they show nothing, silently.
const roots = new WeakMap<Element | DocumentFragment, Root>();
unstableSetRender((node, container) => {
  const root = roots.get(container) ?? createRoot(container);
  roots.set(container, root);
  root.render(node);
  return async () => {
    await Promise.resolve();
    root.unmount();
    roots.delete(container);
  };
});

// Its dialogs move by script, where the style sheet's rule for reduced motion does not reach.
const still = matchMedia('(prefers-reduced-motion: reduce)');
const follow = () => Globals.assign({ skipAnimation: still.matches });
still.addEventListener('change', follow);
follow();

function speak(): void {
  setDefaultConfig({ ...getDefaultConfig(), locale: currentLanguage() === 'en' ? enUS : zhCN });
}

/** Asks before what cannot be undone; resolves to the person's answer. */
export function confirm(options: { title: string; content?: ReactNode; confirmText: string; cancelText: string }): Promise<boolean> {
  speak();
  return Dialog.confirm(options);
}

/** Says something that must not be missed. */
export function alert(options: { title: string; content?: ReactNode; confirmText: string }): Promise<void> {
  speak();
  return Dialog.alert(options);
}

/** A choice from the bottom of the screen; resolves to the key, or null. */
export function choose(options: { title?: ReactNode; cancelText: string; actions: Action[] }): Promise<string | null> {
  speak();
  return new Promise((resolve) => {
    let chosen: string | null = null;
    const sheet = ActionSheet.show({
      extra: options.title, cancelText: options.cancelText, actions: options.actions, closeOnAction: true,
      onAction: (action) => {
        chosen = String(action.key);
        sheet.close();
      },
      afterClose: () => resolve(chosen),
    });
  });
}
