export * from './types';
export * from './TashiMap';
export * from './Legend';
export * from './useBasemap';
export * from './geometry';
export * from './speed';
export * from './cluster';
export { placesOf } from './features';
