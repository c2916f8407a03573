import { queried, type Report } from './report.js';

export const size: Report = {
  name: 'size',
  description: 'The size of the database.',
  columns: ['database', 'size', 'bytes'],
  whenEmpty: 'nothing',
  rows: queried(`
    SELECT current_database() AS database, pg_size_pretty(pg_database_size(current_database())) AS size,
           pg_database_size(current_database())::float8 AS bytes`),
};
