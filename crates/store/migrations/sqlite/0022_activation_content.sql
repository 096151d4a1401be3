-- The digest of what an activation allows to be signed, by which the record of a signature at hand is found.
ALTER TABLE activations ADD COLUMN content TEXT;
UPDATE activations SET content = json_extract(canonical, '$.content') WHERE json_valid(canonical);
CREATE INDEX activations_content ON activations (content);
