export * from './Advice';
export * from './PhoneHelp';
export { phonesText } from './text';
