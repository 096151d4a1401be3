//! Until when algorithms and key sizes are accepted: dates in the manner of ETSI TS 119 312 and the SOG-IS list, as data.

use std::collections::BTreeMap;

use jiff::Timestamp;
use pki::{Certificate, DigestAlgorithm, KeyFamily, SignatureAlgorithm};
use serde::{Deserialize, Serialize};

/// Until when algorithms and key sizes are accepted. What is not named has no end; a key under the smallest size that
/// is named was never good enough.
///
/// It reads from JSON, so that a policy can be data:
///
/// ```
/// # use vermilion_pades::AlgorithmConstraints;
/// let table: AlgorithmConstraints = serde_json::from_str(
///     r#"{ "digests": { "sha1": "2012-08-01T00:00:00Z" },
///          "keys": [ { "family": "rsa", "bits": 2048, "until": "2029-01-01T00:00:00Z" },
///                    { "family": "rsa", "bits": 3072, "until": null } ] }"#,
/// )?;
/// assert_eq!(table.keys.len(), 2);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlgorithmConstraints {
    /// Digest algorithms by their names in this JSON (`sha1`, `sha256` …), and until when they are accepted.
    pub digests: BTreeMap<String, Timestamp>,
    /// Key sizes.
    pub keys: Vec<KeyLimit>,
}

/// Until when keys of at least a size are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyLimit {
    /// The family.
    pub family: KeyFamily,
    /// The least number of bits.
    pub bits: usize,
    /// Until when; `None`: no end is set.
    pub until: Option<Timestamp>,
}

fn day(text: &str) -> Timestamp {
    format!("{text}T00:00:00Z").parse().expect("a date of the table")
}

impl Default for AlgorithmConstraints {
    /// SHA-1 until August 2012; RSA from 1024 bits until October 2019, from 1900 bits until 2029, from 3000 bits
    /// without an end; P-256 and above and Ed25519 without an end.
    fn default() -> Self {
        let rsa =
            |bits, until: Option<&str>| KeyLimit { family: KeyFamily::Rsa, bits, until: until.map(day) };
        Self {
            digests: BTreeMap::from([("sha1".to_owned(), day("2012-08-01"))]),
            keys: vec![
                rsa(768, Some("2010-08-01")),
                rsa(1024, Some("2019-10-01")),
                rsa(1900, Some("2029-01-01")),
                rsa(3000, None),
                KeyLimit { family: KeyFamily::Ec, bits: 224, until: Some(day("2012-08-01")) },
                KeyLimit { family: KeyFamily::Ec, bits: 256, until: None },
                KeyLimit { family: KeyFamily::Edwards, bits: 255, until: None },
            ],
        }
    }
}

impl AlgorithmConstraints {
    /// Ends a digest algorithm (`sha1`, `sha256` …) at `until`.
    pub fn refuse_after(&mut self, digest: &str, until: Timestamp) {
        self.digests.insert(digest.to_owned(), until);
    }

    fn digest(&self, algorithm: DigestAlgorithm) -> Option<Timestamp> {
        let name = serde_json::to_value(algorithm).ok()?;
        self.digests.get(name.as_str()?).copied()
    }

    fn key(&self, family: KeyFamily, bits: usize) -> Option<Timestamp> {
        let fitting = self.keys.iter().filter(|limit| limit.family == family && limit.bits <= bits);
        match fitting.max_by_key(|limit| limit.bits) {
            Some(limit) => limit.until,
            None => self.keys.iter().any(|limit| limit.family == family).then_some(Timestamp::MIN),
        }
    }

    /// How long a signature by that key with that algorithm can be relied on.
    pub(crate) fn of_signature(&self, algorithm: SignatureAlgorithm, public_key: &[u8]) -> Reliance {
        let digest = Reliance { name: algorithm.name().to_owned(), until: self.digest(algorithm.digest()) };
        // A key of which nothing is known is in no table, and none of the time was it known to be good.
        let Some((family, bits)) = pki::key_size(public_key) else {
            return Reliance { until: Some(Timestamp::MIN), ..digest };
        };
        let name = match family {
            KeyFamily::Rsa => format!("{}, RSA {bits}", algorithm.name()),
            KeyFamily::Ec | KeyFamily::Edwards => algorithm.name().to_owned(),
        };
        digest.sooner(Reliance { name, until: self.key(family, bits) })
    }

    /// The same for a digest.
    pub(crate) fn of_digest(&self, algorithm: DigestAlgorithm) -> Reliance {
        Reliance { name: algorithm.name().to_owned(), until: self.digest(algorithm) }
    }

    /// The same for the signature on a certificate.
    pub(crate) fn of_certificate(&self, certificate: &Certificate, issuer: &Certificate) -> Reliance {
        match certificate.signature_algorithm() {
            Some(algorithm) => self.of_signature(algorithm, issuer.public_key_der()),
            None => Reliance { name: "?".to_owned(), until: Some(Timestamp::MIN) },
        }
    }
}

/// How long something can be relied on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reliance {
    pub(crate) name: String,
    pub(crate) until: Option<Timestamp>,
}

impl Reliance {
    pub(crate) fn holds_at(&self, time: Timestamp) -> bool {
        self.until.is_none_or(|until| time < until)
    }

    pub(crate) fn sooner(self, other: Self) -> Self {
        match (self.until, other.until) {
            (Some(mine), Some(theirs)) if theirs < mine => other,
            (None, _) => other,
            _ => self,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_judged_by_the_greatest_size_it_reaches() {
        let table = AlgorithmConstraints::default();
        assert_eq!(table.key(KeyFamily::Rsa, 512), Some(Timestamp::MIN));
        assert_eq!(table.key(KeyFamily::Rsa, 1024), Some(day("2019-10-01")));
        assert_eq!(table.key(KeyFamily::Rsa, 2048), Some(day("2029-01-01")));
        assert_eq!(table.key(KeyFamily::Rsa, 4096), None);
        assert_eq!(table.key(KeyFamily::Ec, 384), None);
    }

    #[test]
    fn every_key_has_its_period_and_an_unknown_one_has_none() {
        let table = AlgorithmConstraints::default();
        let ends: Vec<_> = (1..=8192).map(|bits| table.key(KeyFamily::Rsa, bits)).collect();
        assert_eq!(ends.iter().take(767).filter(|end| **end != Some(Timestamp::MIN)).count(), 0);
        let later = |a: &Option<Timestamp>, b: &Option<Timestamp>| b.is_none() || a.is_some() && a <= b;
        assert!(ends.windows(2).all(|pair| later(&pair[0], &pair[1])), "a longer key is trusted as long");
        assert_eq!(table.key(KeyFamily::Ec, 192), Some(Timestamp::MIN));
        let unknown = table.of_signature(SignatureAlgorithm::EcdsaSha256, b"no key");
        assert_eq!(unknown.until, Some(Timestamp::MIN));
    }

    #[test]
    fn the_table_is_data() {
        let json = serde_json::to_string(&AlgorithmConstraints::default()).expect("it serialises");
        let back: AlgorithmConstraints = serde_json::from_str(&json).expect("and reads back");
        assert_eq!(back, AlgorithmConstraints::default());
        assert_eq!(back.of_digest(DigestAlgorithm::Sha1).until, Some(day("2012-08-01")));
        assert_eq!(back.of_digest(DigestAlgorithm::Sha256).until, None);
    }
}
