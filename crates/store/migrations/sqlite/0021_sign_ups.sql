-- Sign-ups of an address that nobody has proved yet: whoever proves it says by its password which of them was theirs.
CREATE TABLE sign_ups (
    account_id TEXT NOT NULL REFERENCES accounts (id),
    number BIGINT NOT NULL,
    password_hash TEXT NOT NULL,
    name TEXT NOT NULL,
    locale TEXT NOT NULL,
    PRIMARY KEY (account_id, number)
);
INSERT INTO sign_ups (account_id, number, password_hash, name, locale)
    SELECT id, 1, password_hash, name, locale FROM accounts WHERE verified_at IS NULL;
