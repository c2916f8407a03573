import { createRedactor, createSecretFinder } from 'express-runbook';

const redactor = createRedactor({ sensitiveFields: ['iban'] });
redactor.registerSecrets(['s3cr3t-of-the-day']);

export const record = redactor.value({ user: 'ann', password: 'hunter2', iban: 'DE02120300000000202051' });
export const text = redactor.text('connecting to postgres://app:hunter2@db/orders with s3cr3t-of-the-day');

export const kinds = createSecretFinder().kindsIn('GET /login?password=hunter2');
