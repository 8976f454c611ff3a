export * from './language';
export * from './messages';
export * from './clock';
export * from './format';
export * from './common';
export { bytesText } from './bytes.ts';
