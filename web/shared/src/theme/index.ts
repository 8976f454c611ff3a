export * from './tokens';
export * from './antd';
export * from './areas';
export * from './mode';
