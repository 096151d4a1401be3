-- Certificates of another's authority that came and were given to nobody: their keys are spent.
ALTER TABLE certificates ADD COLUMN unusable_at BIGINT;
UPDATE certificates SET unusable_at = revoked_at WHERE der IS NOT NULL AND state = 'revoked'
    AND id IN (SELECT subject FROM events WHERE kind = 'certificate.unusable');

-- When the other authority was last asked whether it knows of a revocation.
ALTER TABLE external_revocations ADD COLUMN looked_at BIGINT NOT NULL DEFAULT 0;
