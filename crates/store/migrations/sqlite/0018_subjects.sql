-- The subject of certificates: accounts linked to verified persons, checks and consents outside of any ceremony, notices
-- before and after a real name lapses, keys of the server that follow one another.

-- A check, or a consent, is a recipient's or an account's own. Only the text of the schema changes, by the procedure of
-- https://sqlite.org/lang_altertable.html for constraints that hold nothing on the disk.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema
    SET sql = replace(sql, 'recipient_id TEXT NOT NULL REFERENCES recipients', 'recipient_id TEXT REFERENCES recipients')
    WHERE type = 'table' AND name IN ('identity_verifications', 'data_consents');
PRAGMA writable_schema = RESET;

ALTER TABLE identity_verifications ADD COLUMN account_id TEXT REFERENCES accounts (id);
-- Why a passed check stopped counting before its time: consent_withdrawn, erased.
ALTER TABLE identity_verifications ADD COLUMN ended TEXT;
CREATE INDEX identity_verifications_account ON identity_verifications (account_id, created_at);
CREATE INDEX identity_verifications_person ON identity_verifications (person_id, state);
ALTER TABLE data_consents ADD COLUMN account_id TEXT REFERENCES accounts (id);
CREATE INDEX data_consents_account ON data_consents (account_id, number);

-- Whose account it is: the person who was verified in it, or in a ceremony in a browser that was logged in to it.
CREATE TABLE account_persons (
    account_id TEXT PRIMARY KEY REFERENCES accounts (id),
    person_id TEXT NOT NULL REFERENCES persons (id),
    verification_id TEXT NOT NULL REFERENCES identity_verifications (id),
    linked_at BIGINT NOT NULL
);
CREATE INDEX account_persons_person ON account_persons (person_id);

-- When the password was typed last in this session.
ALTER TABLE sessions ADD COLUMN confirmed_at BIGINT;

-- What was done about a certificate whose real name lapses, once for each time at which it does.
CREATE TABLE lapse_steps (
    certificate_id TEXT NOT NULL,
    step TEXT NOT NULL,
    due BIGINT NOT NULL,
    taken_at BIGINT NOT NULL,
    PRIMARY KEY (certificate_id, step, due)
);

-- Keys of the server by their ids: the one that seals now, and older ones under which something is sealed still.
CREATE TABLE server_keys (
    id TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
-- What a directory said is taken back by the organization, and erased after retention.
ALTER TABLE staff_proofs ADD COLUMN withdrawn_at BIGINT;
ALTER TABLE staff_proofs ADD COLUMN erased_at BIGINT;
