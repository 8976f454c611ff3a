export * from './icons';
export * from './StateBadge';
export * from './GradeTag';
export * from './Avatar';
export * from './Figure';
export * from './Toast';
export * from './Skeleton';
export * from './problemText';
