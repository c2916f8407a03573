-- Who may call and who did what: refresh tokens by family, API keys as digests, and the audit log.
-- Breaking changes: none
CREATE TABLE refresh_token_families (
  id         UUID PRIMARY KEY,
  user_id    BIGINT      NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  client_id  TEXT,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  ended_at   TIMESTAMPTZ
);

CREATE INDEX idx_refresh_token_families_user_id ON refresh_token_families (user_id);

CREATE TABLE refresh_tokens (
  id         UUID PRIMARY KEY,
  family_id  UUID        NOT NULL REFERENCES refresh_token_families (id) ON DELETE CASCADE,
  expires_at TIMESTAMPTZ NOT NULL,
  used_at    TIMESTAMPTZ
);

CREATE INDEX idx_refresh_tokens_family_id ON refresh_tokens (family_id);

CREATE TABLE api_keys (
  id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id    BIGINT      NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  client_id  UUID        NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  name       TEXT        NOT NULL,
  prefix     TEXT        NOT NULL,
  digest     TEXT        NOT NULL UNIQUE,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  expires_at TIMESTAMPTZ,
  revoked_at TIMESTAMPTZ
);

CREATE INDEX idx_api_keys_user_id ON api_keys (user_id, id);

CREATE TABLE audit_logs (
  id             BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id       UUID        NOT NULL,
  phase          TEXT        NOT NULL CHECK (phase IN ('attempted', 'succeeded', 'failed')),
  action         TEXT        NOT NULL,
  target_type    TEXT,
  target_id      TEXT,
  user_id        TEXT,
  client_id      TEXT,
  request_id     TEXT,
  correlation_id TEXT,
  details        JSONB       NOT NULL DEFAULT '{}',
  created_at     TIMESTAMPTZ NOT NULL DEFAULT now()
);

CREATE INDEX idx_audit_logs_created_at ON audit_logs (created_at);
CREATE INDEX idx_audit_logs_user_id ON audit_logs (user_id, created_at);
CREATE INDEX idx_audit_logs_client_id ON audit_logs (client_id, created_at);

-- Append only: nothing is ever changed, and nothing is deleted before it is seven years old.
CREATE FUNCTION keep_audit_logs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.created_at < now() - INTERVAL '7 years' THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'audit_logs is append-only: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER audit_logs_append_only BEFORE UPDATE OR DELETE ON audit_logs
  FOR EACH ROW EXECUTE FUNCTION keep_audit_logs();
CREATE TRIGGER audit_logs_no_truncate BEFORE TRUNCATE ON audit_logs
  FOR EACH STATEMENT EXECUTE FUNCTION keep_audit_logs();
