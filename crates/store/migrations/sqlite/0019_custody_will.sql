-- Faces as the check of a signer's will: each for one activation, by a provider's transaction that counts once.
-- state: asked, pending, passed, refused.
CREATE TABLE will_faces (
    activation_id TEXT PRIMARY KEY REFERENCES activations (id),
    recipient_id TEXT NOT NULL REFERENCES recipients (id),
    identity_id TEXT NOT NULL REFERENCES identity_verifications (id),
    provider TEXT NOT NULL,
    method TEXT NOT NULL,
    state TEXT NOT NULL,
    order_number TEXT NOT NULL,
    transaction_number TEXT,
    pending_sealed TEXT,
    answer_sealed TEXT,
    answer_sha256 TEXT,
    score BIGINT,
    refused TEXT,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX will_faces_transaction ON will_faces (provider, transaction_number)
    WHERE transaction_number IS NOT NULL;
CREATE INDEX will_faces_order ON will_faces (provider, order_number);

-- Keys of a hardware module that an administrator bound to a company: whoever may seal for it uses this one. A key that was
-- released is bound to nobody else.
CREATE TABLE organization_keys (
    token_serial TEXT NOT NULL,
    token_key TEXT NOT NULL,
    credit_code TEXT NOT NULL,
    label TEXT NOT NULL,
    public_key TEXT NOT NULL,
    bound_by TEXT NOT NULL,
    bound_at BIGINT NOT NULL,
    released_at BIGINT,
    PRIMARY KEY (token_serial, token_key)
);
CREATE UNIQUE INDEX organization_keys_company ON organization_keys (credit_code) WHERE released_at IS NULL;
