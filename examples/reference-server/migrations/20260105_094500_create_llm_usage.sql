-- What clients use of language models: a row per call, and the sum of each month.
-- Breaking changes: none
CREATE TABLE llm_usage (
  id                BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  client_id         UUID        NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  model             TEXT        NOT NULL,
  operation         TEXT,
  prompt_tokens     BIGINT      NOT NULL,
  completion_tokens BIGINT      NOT NULL,
  cost_usd          NUMERIC(16, 8),
  created_at        TIMESTAMPTZ NOT NULL DEFAULT now()
);

CREATE INDEX idx_llm_usage_client_id ON llm_usage (client_id, created_at);

-- warned_by and exceeded_by name the row of llm_usage that was the first to reach the mark.
CREATE TABLE llm_usage_months (
  client_id       UUID           NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  month           DATE           NOT NULL,
  tokens          BIGINT         NOT NULL DEFAULT 0,
  reserved_tokens BIGINT         NOT NULL DEFAULT 0,
  cost_usd        NUMERIC(16, 8) NOT NULL DEFAULT 0,
  warned_by       BIGINT,
  exceeded_by     BIGINT,
  PRIMARY KEY (client_id, month)
);
