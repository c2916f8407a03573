-- What people were told, what the instances know of alerts together, and of which nobody is told for a while.
-- Breaking changes: none
CREATE TABLE alerts (
  id         UUID PRIMARY KEY,
  service    TEXT        NOT NULL,
  name       TEXT        NOT NULL,
  resource   TEXT,
  alert_key  TEXT        NOT NULL,
  severity   TEXT        NOT NULL CHECK (severity IN ('low', 'medium', 'high', 'critical')),
  status     TEXT        NOT NULL CHECK (status IN ('firing', 'resolved')),
  message    TEXT        NOT NULL,
  metadata   JSONB       NOT NULL DEFAULT '{}',
  created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);

CREATE INDEX idx_alerts_created_at ON alerts (created_at);

CREATE TABLE alert_states (
  service    TEXT        NOT NULL,
  key        TEXT        NOT NULL,
  version    BIGINT      NOT NULL,
  state      JSONB       NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (service, key)
);

CREATE TABLE alert_silences (
  id         UUID PRIMARY KEY,
  service    TEXT        NOT NULL,
  silence    JSONB       NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL
);

CREATE INDEX idx_alert_silences_service ON alert_silences (service, expires_at);
