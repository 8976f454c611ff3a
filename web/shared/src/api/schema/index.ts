/**
 * The words the server and both apps exchange under `/api/v1`.
 * Times are RFC 3339 UTC, days `yyyy-mm-dd` in the company's zone, points `[lng, lat]` WGS-84, ids UUID strings.
 */
export * from './changes';
export * from './checks';
export * from './common';
export * from './people';
export * from './calendar';
export * from './duty';
export * from './ledger';
export * from './custom';
export * from './customers';
export * from './work';
export * from './sop';
export * from './visits';
export * from './travel';
export * from './frequency';
export * from './days';
export * from './mileage';
export * from './import';
export * from './basemap';
export * from './approvals';
export * from './attendance';
export * from './forms';
export * from './objects';
export * from './knowledge';
export * from './field';
export * from './dispatch';
export * from './service';
export * from './board';
export * from './events';
export * from './fences';
export * from './territories';
export * from './truth';
