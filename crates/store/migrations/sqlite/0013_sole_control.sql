-- Signing policies, as envelopes were sent under them, and those that accounts wrote.
CREATE TABLE policies (
    digest TEXT PRIMARY KEY,
    account_id TEXT REFERENCES accounts (id),
    name TEXT NOT NULL,
    version BIGINT NOT NULL,
    canonical TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX policies_account ON policies (account_id, name, version);

ALTER TABLE envelopes ADD COLUMN policy TEXT NOT NULL DEFAULT 'standard';
ALTER TABLE envelopes ADD COLUMN policy_digest TEXT;
ALTER TABLE consents ADD COLUMN policy_digest TEXT;

-- Passkeys of signers; each opens one key.
CREATE TABLE passkeys (
    id TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES persons (id),
    key_id TEXT NOT NULL UNIQUE REFERENCES keys (id),
    credential_id TEXT NOT NULL UNIQUE,
    passkey TEXT NOT NULL,
    registration TEXT NOT NULL,
    relying_party TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT
);
CREATE INDEX passkeys_person ON passkeys (person_id);

-- What a new passkey is asked to answer, once.
CREATE TABLE passkey_challenges (
    id TEXT PRIMARY KEY,
    recipient_id TEXT NOT NULL REFERENCES recipients (id),
    person_id TEXT NOT NULL REFERENCES persons (id),
    key_id TEXT NOT NULL,
    challenge TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);

-- state: offered to the signer, spent (committed before the key is opened), used (its signature is on record).
ALTER TABLE activations ADD COLUMN expires_at BIGINT;
ALTER TABLE activations ADD COLUMN spent_at BIGINT;
ALTER TABLE activations ADD COLUMN assertion TEXT;
ALTER TABLE activations ADD COLUMN passkey_id TEXT REFERENCES passkeys (id);
