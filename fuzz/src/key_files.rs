//! Key files: whatever the bytes are, with a password and without.

use vermilion_keys::file::{Costs, load_within};

/// The password of the seeds.
const PASSWORD: &str = "correct horse";

/// A key file, PEM or DER, with costs that let one input take a fraction of a second.
///
/// # Panics
/// Where what was loaded does not sign: that is a finding.
pub fn key_file(input: &[u8]) {
    use pki::Signer as _;
    for password in [None, Some(PASSWORD), Some("")] {
        let mut costs = Costs::default();
        (costs.rounds, costs.scrypt_memory, costs.scrypt_work) = (5_000, 1 << 20, 1 << 20);
        let Ok(file) = load_within(input, password, &costs) else { continue };
        let value = file.signer.sign(b"message").expect("a key that was loaded signs");
        let key = file.signer.public_key_der();
        assert_eq!(pki::verify(key, file.signer.algorithm(), b"message", &value), Ok(()));
        if let Some(certificate) = &file.certificate {
            assert_eq!(certificate.public_key_der(), key, "the certificate is the key's");
        }
    }
}
