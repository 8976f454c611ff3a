import { Icon } from '@tashi/shared/ui';
import { Input, type InputProps } from 'antd';

/** A password field whose eye is ours: large enough to press, and named in the language of the page only. */
export function PasswordInput(props: InputProps) {
  return <Input.Password {...props} iconRender={eye} />;
}

function eye(visible: boolean) {
  return <span><Icon name={visible ? 'eye' : 'eyeOff'} size={16} /></span>;
}
