export * from './tokens';
export * from './antd';
export * from './mode';
