-- What the workers need to know of a job, and what they say of it.
-- Breaking changes: none
ALTER TABLE jobs
  ADD COLUMN completed_at TIMESTAMPTZ,
  ADD COLUMN error        TEXT,
  ADD COLUMN attempts     INTEGER     NOT NULL DEFAULT 0,
  ADD COLUMN payload      JSONB       NOT NULL DEFAULT '{}',
  ADD COLUMN context      JSONB       NOT NULL DEFAULT '{}',
  ADD COLUMN result       JSONB,
  ADD COLUMN priority     TEXT        NOT NULL DEFAULT 'normal' CHECK (priority IN ('low', 'normal', 'high', 'urgent')),
  ADD COLUMN run_at       TIMESTAMPTZ NOT NULL DEFAULT now(),
  ADD COLUMN heartbeat_at TIMESTAMPTZ,
  ADD COLUMN ticket_id    BIGINT;

-- What is not completed: gauges and workers look for nothing else.
CREATE INDEX idx_jobs_open ON jobs (status, run_at) WHERE status <> 'completed';
