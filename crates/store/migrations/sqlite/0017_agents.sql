-- Who acts for an organization, as records of their own; by which way an organization was verified; authorizations by its
-- legal representative; transfers that a clerk makes.

ALTER TABLE organization_verifications ADD COLUMN way TEXT;
ALTER TABLE organization_verifications ADD COLUMN refused TEXT;
-- Until now the one way was a payment.
UPDATE organization_verifications SET way = 'payment' WHERE state IN ('payment_sent', 'verified');
CREATE INDEX organization_verifications_code ON organization_verifications (credit_code, created_at);

CREATE TABLE agents (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    person_id TEXT NOT NULL REFERENCES persons (id),
    role TEXT NOT NULL,
    proof TEXT NOT NULL,
    verification_id TEXT NOT NULL REFERENCES organization_verifications (id),
    scope TEXT NOT NULL,
    since BIGINT NOT NULL,
    until BIGINT,
    revoked_at BIGINT,
    revoked_reason TEXT,
    revoked_by TEXT REFERENCES agents (id)
);
-- One power at a time for each person and organization.
CREATE UNIQUE INDEX agents_current ON agents (organization_id, person_id) WHERE revoked_at IS NULL;
CREATE INDEX agents_organization ON agents (organization_id, since);
CREATE INDEX agents_person ON agents (person_id, since);

-- Whoever was verified by a payment until now is an agent who may do all that they could do: the newest verification of
-- each counts, those before were renewed by it. The ids sort by the same times.
INSERT INTO agents (id, organization_id, person_id, role, proof, verification_id, scope, since, until, revoked_at,
    revoked_reason, revoked_by)
SELECT 'agt_' || substr(v.id, 5), v.organization_id, v.person_id, 'agent', 'payment', v.id, 'seal administer',
    COALESCE(v.verified_at, v.created_at), v.expires_at,
    (SELECT MIN(n.verified_at) FROM organization_verifications n
        WHERE n.state = 'verified' AND n.organization_id = v.organization_id AND n.person_id = v.person_id
            AND (n.verified_at > v.verified_at OR n.verified_at = v.verified_at AND n.id > v.id)),
    (SELECT 'renewed' FROM organization_verifications n
        WHERE n.state = 'verified' AND n.organization_id = v.organization_id AND n.person_id = v.person_id
            AND (n.verified_at > v.verified_at OR n.verified_at = v.verified_at AND n.id > v.id) LIMIT 1),
    NULL
FROM organization_verifications v
WHERE v.state = 'verified' AND v.organization_id IS NOT NULL;

-- A letter of authorization that the legal representative is asked to sign: an envelope of its own.
-- state: asked, confirmed, refused, expired, withdrawn.
CREATE TABLE authorizations (
    envelope_id TEXT PRIMARY KEY REFERENCES envelopes (id),
    verification_id TEXT NOT NULL REFERENCES organization_verifications (id),
    recipient_id TEXT NOT NULL REFERENCES recipients (id),
    scope TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    leader_verification_id TEXT REFERENCES organization_verifications (id),
    created_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    settled_at BIGINT
);
CREATE UNIQUE INDEX authorizations_open ON authorizations (verification_id) WHERE state = 'asked';
CREATE INDEX authorizations_state ON authorizations (state, ends_at);

-- Transfers that a clerk makes at the bank. What is sealed holds the amount until the transfer was made, and never after.
-- state: waiting, sent, failed, returned.
CREATE TABLE transfer_orders (
    id TEXT PRIMARY KEY,
    order_sealed TEXT NOT NULL,
    state TEXT NOT NULL,
    reference TEXT,
    reason TEXT,
    created_at BIGINT NOT NULL,
    settled_at BIGINT,
    settled_by TEXT REFERENCES accounts (id),
    returned_at BIGINT,
    returned_by TEXT REFERENCES accounts (id)
);
CREATE INDEX transfer_orders_state ON transfer_orders (state, created_at);
