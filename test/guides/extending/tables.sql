CREATE TABLE api_keys (
  digest     TEXT PRIMARY KEY,
  prefix     TEXT        NOT NULL,
  name       TEXT,
  client_id  TEXT        NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  expires_at TIMESTAMPTZ,
  revoked_at TIMESTAMPTZ
);

CREATE TABLE audit_events (
  event_id   UUID        NOT NULL,
  phase      TEXT        NOT NULL,
  action     TEXT        NOT NULL,
  record     JSONB       NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (event_id, phase)
);
