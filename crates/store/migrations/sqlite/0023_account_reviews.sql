-- Checks by hand are made for accounts too: whom one is for is a recipient or an account. Both tables are made anew, since SQLite
-- takes back no NOT NULL; the pictures' first leave, so that nothing refers to what is dropped.

CREATE TABLE reviews_23 (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    verification_id TEXT NOT NULL,
    recipient_id TEXT REFERENCES recipients (id),
    account_id TEXT REFERENCES accounts (id),
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    until BIGINT NOT NULL,
    submitted_at BIGINT,
    rounds BIGINT NOT NULL DEFAULT 0,
    claimed_by TEXT REFERENCES accounts (id),
    claimed_until BIGINT,
    decided_by TEXT REFERENCES accounts (id),
    decided_at BIGINT,
    reason TEXT,
    note_sealed TEXT,
    CHECK ((recipient_id IS NULL) <> (account_id IS NULL))
);
INSERT INTO reviews_23 (id, kind, verification_id, recipient_id, state, created_at, until, submitted_at, rounds, claimed_by,
        claimed_until, decided_by, decided_at, reason, note_sealed)
    SELECT id, kind, verification_id, recipient_id, state, created_at, until, submitted_at, rounds, claimed_by,
        claimed_until, decided_by, decided_at, reason, note_sealed FROM reviews;

CREATE TABLE review_images_23 (
    id TEXT PRIMARY KEY,
    review_id TEXT NOT NULL REFERENCES reviews_23 (id),
    part TEXT NOT NULL,
    state TEXT NOT NULL,
    blob TEXT NOT NULL,
    media TEXT NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    size BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    erased_at BIGINT
);
INSERT INTO review_images_23 (id, review_id, part, state, blob, media, width, height, size, sha256, created_at, erased_at)
    SELECT id, review_id, part, state, blob, media, width, height, size, sha256, created_at, erased_at FROM review_images;

DROP TABLE review_images;
DROP TABLE reviews;
ALTER TABLE reviews_23 RENAME TO reviews;
ALTER TABLE review_images_23 RENAME TO review_images;

-- One at a time for each verification.
CREATE UNIQUE INDEX reviews_open ON reviews (verification_id) WHERE state IN ('collecting', 'waiting');
CREATE INDEX reviews_verification ON reviews (verification_id, created_at);
CREATE INDEX reviews_queue ON reviews (state, submitted_at);
CREATE INDEX reviews_decided ON reviews (decided_at);
CREATE UNIQUE INDEX review_images_part ON review_images (review_id, part) WHERE state = 'kept';
CREATE INDEX review_images_state ON review_images (state, created_at);
