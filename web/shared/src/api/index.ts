export * from './schema';
export * from './problem';
export * from './client';
export * from './stream';
export * from './react';
export * from './id';
