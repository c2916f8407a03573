-- Owners, payloads and priorities are lost: dump them first, `pg_dump -t events -t events_archive`.
CREATE TEMP TABLE kept_events ON COMMIT DROP AS SELECT * FROM events;
CREATE TEMP TABLE kept_archive ON COMMIT DROP AS SELECT * FROM events_archive;

DROP TABLE event_contexts, events_archive, events;

CREATE TABLE events (
  id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name       TEXT        NOT NULL,
  status     TEXT        NOT NULL DEFAULT 'pending',
  created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
CREATE TABLE events_archive (LIKE events INCLUDING DEFAULTS);

INSERT INTO events OVERRIDING SYSTEM VALUE SELECT id, type, status, created_at FROM kept_events;
INSERT INTO events_archive SELECT id, type, status, created_at FROM kept_archive;

SELECT setval(pg_get_serial_sequence('events', 'id'), max(id) + 1, false)
FROM (SELECT id FROM kept_events UNION ALL SELECT id FROM kept_archive UNION ALL SELECT 0) AS known;
