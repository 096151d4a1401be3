-- Identity checks of every kind: which document, how, under which number of whose, and what is kept of it for how long.

ALTER TABLE identity_verifications ADD COLUMN document_kind TEXT NOT NULL DEFAULT 'resident_id';
ALTER TABLE identity_verifications ADD COLUMN method TEXT NOT NULL DEFAULT 'three_elements';
ALTER TABLE identity_verifications ADD COLUMN card_sealed TEXT;
ALTER TABLE identity_verifications ADD COLUMN order_number TEXT;
ALTER TABLE identity_verifications ADD COLUMN transaction_number TEXT;
ALTER TABLE identity_verifications ADD COLUMN pending_sealed TEXT;
ALTER TABLE identity_verifications ADD COLUMN pending_until BIGINT;
ALTER TABLE identity_verifications ADD COLUMN assurance TEXT;
ALTER TABLE identity_verifications ADD COLUMN refused TEXT;
ALTER TABLE identity_verifications ADD COLUMN salt_sealed TEXT;
ALTER TABLE identity_verifications ADD COLUMN erased_at BIGINT;

-- Until now every check compared three elements and took a code.
UPDATE identity_verifications SET assurance = 'substantial' WHERE state = 'verified';

-- A provider's answer verifies once.
CREATE UNIQUE INDEX identity_verifications_transaction ON identity_verifications (provider, transaction_number)
    WHERE transaction_number IS NOT NULL;
CREATE INDEX identity_verifications_order ON identity_verifications (provider, order_number);
CREATE INDEX identity_verifications_state ON identity_verifications (state, pending_until);
CREATE INDEX identity_verifications_erased ON identity_verifications (erased_at, created_at);

ALTER TABLE persons ADD COLUMN document_kind TEXT NOT NULL DEFAULT 'resident_id';

-- Consents to process ID data and faces: each for itself, given, refused or withdrawn. number: in the order of writing.
CREATE TABLE data_consents (
    id TEXT PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE,
    recipient_id TEXT NOT NULL REFERENCES recipients (id),
    purpose TEXT NOT NULL,
    version TEXT NOT NULL,
    digest TEXT NOT NULL,
    locale TEXT NOT NULL,
    decision TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX data_consents_recipient ON data_consents (recipient_id, number);

-- Faces before the sandbox's camera.
CREATE TABLE sandbox_faces (
    transaction_number TEXT PRIMARY KEY,
    face_sealed TEXT NOT NULL,
    outcome TEXT,
    created_at BIGINT NOT NULL,
    until BIGINT NOT NULL
);

-- A transfer that the sandbox bank sent back.
ALTER TABLE sandbox_transfers ADD COLUMN returned_at BIGINT;

ALTER TABLE organization_verifications ADD COLUMN method TEXT NOT NULL DEFAULT 'three_elements';
ALTER TABLE organization_verifications ADD COLUMN transaction_number TEXT;
CREATE UNIQUE INDEX organization_verifications_transaction
    ON organization_verifications (provider, transaction_number) WHERE transaction_number IS NOT NULL;
