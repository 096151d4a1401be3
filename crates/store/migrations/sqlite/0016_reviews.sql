-- Checks that a person here makes by hand: what waits for it, who has it in hand, how it was decided, and the pictures.

CREATE TABLE reviews (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    -- The identity's or the organization's verification that it decides.
    verification_id TEXT NOT NULL,
    recipient_id TEXT NOT NULL REFERENCES recipients (id),
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    until BIGINT NOT NULL,
    -- Since when it waits, and how often it was sent in.
    submitted_at BIGINT,
    rounds BIGINT NOT NULL DEFAULT 0,
    claimed_by TEXT REFERENCES accounts (id),
    claimed_until BIGINT,
    decided_by TEXT REFERENCES accounts (id),
    decided_at BIGINT,
    reason TEXT,
    note_sealed TEXT
);
-- One at a time for each verification.
CREATE UNIQUE INDEX reviews_open ON reviews (verification_id) WHERE state IN ('collecting', 'waiting');
CREATE INDEX reviews_verification ON reviews (verification_id, created_at);
CREATE INDEX reviews_queue ON reviews (state, submitted_at);
CREATE INDEX reviews_decided ON reviews (decided_at);

-- state: writing (named before it is on the disk), kept, erasing (still on the disk), erased.
CREATE TABLE review_images (
    id TEXT PRIMARY KEY,
    review_id TEXT NOT NULL REFERENCES reviews (id),
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
CREATE UNIQUE INDEX review_images_part ON review_images (review_id, part) WHERE state = 'kept';
CREATE INDEX review_images_state ON review_images (state, created_at);
