DROP TABLE recommendations, prompt_templates, client_rules;
ALTER TABLE codebook_items DROP COLUMN codebook_id, DROP COLUMN division;
DROP TABLE csi_divisions, codebook_versions, codebooks;
