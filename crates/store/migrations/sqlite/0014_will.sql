-- The check of the signer's will, beside opening the key: how, the code's keyed hash and tries, whether it was passed.
ALTER TABLE activations ADD COLUMN will TEXT;
