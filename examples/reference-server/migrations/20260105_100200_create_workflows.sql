-- What an event sets off: the workflows of its type write a text from their template and its payload.
-- Breaking changes: none
CREATE TABLE templates (
  id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name       TEXT        NOT NULL UNIQUE,
  body       TEXT        NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);

CREATE TABLE workflows (
  id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name        TEXT        NOT NULL UNIQUE,
  event_type  TEXT        NOT NULL,
  template_id BIGINT      NOT NULL REFERENCES templates (id),
  is_active   BOOLEAN     NOT NULL DEFAULT true,
  created_at  TIMESTAMPTZ NOT NULL DEFAULT now()
);

CREATE INDEX idx_workflows_event_type ON workflows (event_type) WHERE is_active;
CREATE INDEX idx_workflows_template_id ON workflows (template_id);

-- One per event and workflow. An event that was archived is no longer in `events`, and its texts stay.
CREATE TABLE workflow_runs (
  event_id    BIGINT      NOT NULL,
  workflow_id BIGINT      NOT NULL REFERENCES workflows (id) ON DELETE CASCADE,
  output      TEXT        NOT NULL,
  created_at  TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (event_id, workflow_id)
);

CREATE INDEX idx_workflow_runs_workflow_id ON workflow_runs (workflow_id);
