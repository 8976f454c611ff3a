export * from './Icon';
export * from './iconPaths';
