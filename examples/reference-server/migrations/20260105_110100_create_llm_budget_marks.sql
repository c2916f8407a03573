-- Which marks of a month's budget the clients together have reached: whoever writes the row tells of it.
-- Breaking changes: none
CREATE TABLE llm_budget_marks (
  month      DATE           NOT NULL,
  mark       TEXT           NOT NULL CHECK (mark IN ('warning', 'exceeded')),
  cost_usd   NUMERIC(16, 8) NOT NULL,
  reached_at TIMESTAMPTZ    NOT NULL DEFAULT now(),
  PRIMARY KEY (month, mark)
);
