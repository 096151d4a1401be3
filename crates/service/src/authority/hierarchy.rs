//! Who stands where in the embedded authority: a root that signs nothing but the issuing CA and its own CRL (so that its
//! key can be taken off the machine), an issuing CA, and what the issuing CA certifies for the platform itself.

use domain::Rng;
use jiff::{SignedDuration, Timestamp};
use pki::{
    Certificate, KeyAlgorithm, Serial, SoftwareSigner,
    ca::{self, IssuanceToken, Issuer, Profile, Subject, Urls, Validity},
};
use zeroize::Zeroizing;

use super::AuthorityError;

const DAYS: i64 = 24;

/// A key of the authority itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// The anchor of trust.
    Root,
    /// Certifies subscribers and the roles below.
    Issuing,
    /// Signs time-stamps.
    TimeStamping,
    /// Signs OCSP answers for the issuing CA.
    Ocsp,
    /// Seals certification reports.
    Platform,
}

impl Role {
    /// The roles that run the authority day by day.
    pub const BELOW_ISSUING: [Self; 3] = [Self::TimeStamping, Self::Ocsp, Self::Platform];

    /// The word in storage.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::Issuing => "issuing",
            Self::TimeStamping => "time_stamping",
            Self::Ocsp => "ocsp",
            Self::Platform => "platform",
        }
    }

    /// The profile of its certificate.
    #[must_use]
    pub fn profile(self) -> Profile {
        match self {
            Self::Root => Profile::Root,
            Self::Issuing => Profile::Issuing,
            Self::TimeStamping => Profile::TimeStamping,
            Self::Ocsp => Profile::OcspResponder,
            Self::Platform => Profile::Platform,
        }
    }

    /// The name of its certificate: it says that trust is test trust, since people read it in viewers.
    #[must_use]
    pub fn subject(self) -> Subject {
        let common_name = match self {
            Self::Root => "Vermilion Test Root CA",
            Self::Issuing => "Vermilion Test Issuing CA",
            Self::TimeStamping => "Vermilion Test Time-Stamping Authority",
            Self::Ocsp => "Vermilion Test OCSP Responder",
            Self::Platform => "Vermilion Test Platform",
        };
        Subject {
            common_name: common_name.to_owned(),
            organization: Some("Vermilion Test Trust".to_owned()),
            country: Some("CN".to_owned()),
            ..Subject::default()
        }
    }

    /// How long its certificate is valid. What signs lasting proof is renewed well before subscribers' certificates end.
    #[must_use]
    pub fn lifetime(self) -> SignedDuration {
        let days = match self {
            Self::Root => 20 * 365,
            Self::Issuing => 10 * 365,
            Self::TimeStamping | Self::Platform => 3 * 365,
            Self::Ocsp => 365,
        };
        SignedDuration::from_hours(days * DAYS)
    }

    /// Renewed where less than this is left.
    #[must_use]
    pub fn renewal_margin(self) -> SignedDuration {
        match self {
            Self::Root | Self::Issuing => SignedDuration::ZERO,
            Self::TimeStamping | Self::Platform => SignedDuration::from_hours(365 * DAYS),
            Self::Ocsp => SignedDuration::from_hours(60 * DAYS),
        }
    }
}

/// A new key of a role, and what is to be certified for it.
pub(crate) struct NewRole {
    pub(crate) role: Role,
    pub(crate) signer: SoftwareSigner,
    pub(crate) pkcs8: Zeroizing<Vec<u8>>,
    pub(crate) serial: Serial,
    pub(crate) validity: Validity,
}

impl NewRole {
    pub(crate) fn generate(role: Role, now: Timestamp, rng: &dyn Rng) -> Result<Self, AuthorityError> {
        let (signer, pkcs8) = SoftwareSigner::generate(KeyAlgorithm::P256)
            .map_err(|error| AuthorityError::Key(error.to_string()))?;
        let not_before = whole_second(now);
        let validity = Validity { not_before, not_after: not_before + role.lifetime() };
        Ok(Self { role, signer, pkcs8, serial: serial(rng), validity })
    }

    /// The linted certificate to be, under `issuer`; self-signed without one.
    pub(crate) fn prepare(&self, issuer: Option<&Issuer>) -> Result<IssuanceToken, AuthorityError> {
        use pki::Signer as _;
        let (subject, key) = (self.role.subject(), self.signer.public_key_der());
        match issuer {
            None => Ok(ca::prepare_root(&subject, key, &self.serial, self.validity)?),
            Some(issuer) => {
                Ok(issuer.prepare(self.role.profile(), &subject, key, &self.serial, self.validity)?)
            }
        }
    }
}

/// The issuer that a CA's certificate makes, with the addresses that its certificates carry.
pub(crate) fn issuer(
    role: Role,
    certificate: Certificate,
    above: Vec<Certificate>,
    base: Option<&str>,
) -> Issuer {
    let urls = match (role, base) {
        (_, None) => Urls::default(),
        (Role::Root, Some(base)) => Urls {
            crl: vec![format!("{base}/pki/root.crl")],
            ocsp: Vec::new(),
            ca_issuers: vec![format!("{base}/pki/root.cer")],
        },
        (_, Some(base)) => Urls {
            crl: vec![format!("{base}/pki/issuing.crl")],
            ocsp: vec![format!("{base}/ocsp")],
            ca_issuers: vec![format!("{base}/pki/issuing.cer")],
        },
    };
    Issuer { certificate, chain: above, urls }
}

/// 128 random bits, RFC 5280 §4.1.2.2.
pub(crate) fn serial(rng: &dyn Rng) -> Serial {
    let mut bits = [0; 16];
    rng.fill(&mut bits);
    Serial::from_random(bits)
}

/// X.509 times have whole seconds; cut, never rounded up, so that nothing is dated in the future.
pub(crate) fn whole_second(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}
