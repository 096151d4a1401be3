-- The account numbers of orders that nobody is to pay any more are masked: 1, once that was done.
ALTER TABLE transfer_orders ADD COLUMN account_masked BIGINT NOT NULL DEFAULT 0;

-- What providers answered about faces for a will goes with the data of the person, and at once where the answer was no.
UPDATE will_faces SET answer_sealed = NULL, pending_sealed = NULL
    WHERE state = 'refused'
        OR identity_id IN (SELECT id FROM identity_verifications WHERE erased_at IS NOT NULL);

-- When somebody signed up: what is older than its link gives way to others.
ALTER TABLE sign_ups ADD COLUMN created_at BIGINT NOT NULL DEFAULT 0;
