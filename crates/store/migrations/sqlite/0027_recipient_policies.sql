-- Another signing policy than the envelope's, for this recipient alone: its name, and once the envelope is sent its digest.
ALTER TABLE recipients ADD COLUMN policy TEXT;
ALTER TABLE recipients ADD COLUMN policy_digest TEXT;
