DROP INDEX idx_jobs_open;
ALTER TABLE jobs
  DROP COLUMN completed_at, DROP COLUMN error, DROP COLUMN attempts, DROP COLUMN payload, DROP COLUMN context,
  DROP COLUMN result, DROP COLUMN priority, DROP COLUMN run_at, DROP COLUMN heartbeat_at, DROP COLUMN ticket_id;
