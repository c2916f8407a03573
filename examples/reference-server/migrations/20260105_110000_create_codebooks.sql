-- Codebooks of clients with their versions, what the clients want of them, and the divisions that items belong to.
-- Breaking changes: none
CREATE TABLE codebooks (
  id         UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  client_id  UUID        NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  name       TEXT        NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);

CREATE INDEX idx_codebooks_client_id ON codebooks (client_id, created_at, id);

-- job_id is the job that made the version: run twice, it makes one.
CREATE TABLE codebook_versions (
  id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  codebook_id UUID        NOT NULL REFERENCES codebooks (id) ON DELETE CASCADE,
  version     INTEGER     NOT NULL,
  is_active   BOOLEAN     NOT NULL DEFAULT false,
  notes       TEXT        NOT NULL DEFAULT '',
  job_id      UUID UNIQUE,
  created_at  TIMESTAMPTZ NOT NULL DEFAULT now(),
  UNIQUE (codebook_id, version)
);

CREATE UNIQUE INDEX idx_codebook_versions_active ON codebook_versions (codebook_id) WHERE is_active;

-- CSI MasterFormat: what belongs together on a building site.
CREATE TABLE csi_divisions (
  code  TEXT PRIMARY KEY,
  title TEXT NOT NULL
);

INSERT INTO csi_divisions (code, title) VALUES
  ('00', 'Procurement and Contracting Requirements'),
  ('01', 'General Requirements'),
  ('02', 'Existing Conditions'),
  ('03', 'Concrete'),
  ('04', 'Masonry'),
  ('05', 'Metals'),
  ('06', 'Wood, Plastics, and Composites'),
  ('07', 'Thermal and Moisture Protection'),
  ('08', 'Openings'),
  ('09', 'Finishes'),
  ('10', 'Specialties'),
  ('11', 'Equipment'),
  ('12', 'Furnishings'),
  ('13', 'Special Construction'),
  ('14', 'Conveying Equipment'),
  ('21', 'Fire Suppression'),
  ('22', 'Plumbing'),
  ('23', 'Heating, Ventilating, and Air Conditioning'),
  ('25', 'Integrated Automation'),
  ('26', 'Electrical'),
  ('27', 'Communications'),
  ('28', 'Electronic Safety and Security'),
  ('31', 'Earthwork'),
  ('32', 'Exterior Improvements'),
  ('33', 'Utilities'),
  ('34', 'Transportation'),
  ('35', 'Waterway and Marine Construction'),
  ('40', 'Process Interconnections'),
  ('41', 'Material Processing and Handling Equipment'),
  ('42', 'Process Heating, Cooling, and Drying Equipment'),
  ('43', 'Process Gas and Liquid Handling, Purification, and Storage Equipment'),
  ('44', 'Pollution and Waste Control Equipment'),
  ('45', 'Industry-Specific Manufacturing Equipment'),
  ('46', 'Water and Wastewater Equipment'),
  ('48', 'Electrical Power Generation');

ALTER TABLE codebook_items
  ADD COLUMN codebook_id UUID REFERENCES codebooks (id) ON DELETE CASCADE,
  ADD COLUMN division    TEXT REFERENCES csi_divisions (code);

CREATE INDEX idx_codebook_items_codebook_id ON codebook_items (codebook_id, id);

CREATE TABLE client_rules (
  id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  client_id  UUID        NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  text       TEXT        NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);

CREATE INDEX idx_client_rules_client_id ON client_rules (client_id, id);

-- What the language model is told before the text that it is asked about.
CREATE TABLE prompt_templates (
  task       TEXT PRIMARY KEY CHECK (task IN ('analysis', 'refactor', 'recommendations')),
  text       TEXT        NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now()
);

INSERT INTO prompt_templates (task, text) VALUES
  ('analysis', 'Say what these items are about.'),
  ('refactor', 'Restructure this codebook and keep every meaning.'),
  ('recommendations', 'Recommend what to change in this codebook, one recommendation on each line.');

CREATE TABLE recommendations (
  id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  client_id   UUID        NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  codebook_id UUID        NOT NULL REFERENCES codebooks (id) ON DELETE CASCADE,
  job_id      UUID        NOT NULL,
  position    INTEGER     NOT NULL,
  text        TEXT        NOT NULL,
  status      TEXT        NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'accepted', 'rejected')),
  created_at  TIMESTAMPTZ NOT NULL DEFAULT now(),
  decided_at  TIMESTAMPTZ,
  UNIQUE (job_id, position)
);

CREATE INDEX idx_recommendations_client_id ON recommendations (client_id, id);
CREATE INDEX idx_recommendations_codebook_id ON recommendations (codebook_id);
