//! Who stands where in the embedded authority: a root that signs nothing but the CAs under it and its own list (so that its
//! key can be taken off the machine); under it one CA for persons, one for organizations and one for the platform's
//! services, each with a responder of its own (ADR 10).

use domain::Rng;
use jiff::{SignedDuration, Timestamp};
use pki::{
    Certificate, KeyAlgorithm, Serial, SoftwareSigner,
    ca::{self, IssuanceToken, Issuer, Profile, Subject, Urls, Validity},
};
use zeroize::Zeroizing;

use super::AuthorityError;

const DAYS: i64 = 24;

/// Which subjects a CA certifies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Branch {
    /// The platform's own: time-stamps, logs, reports. The CA of authorities made before there were branches is here; it
    /// certified subscribers too, and goes on answering for those.
    Services,
    /// Natural persons.
    Person,
    /// Organizations and their agents.
    Organization,
}

impl Branch {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Services, Self::Person, Self::Organization];

    /// The word in storage, in addresses and on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Services => "services",
            Self::Person => "person",
            Self::Organization => "organization",
        }
    }

    /// The branch of a word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|branch| branch.as_str() == word)
    }

    /// The branch that certifies subjects of a profile.
    #[must_use]
    pub fn of(profile: Profile) -> Self {
        match profile {
            Profile::Person | Profile::PersonEvent => Self::Person,
            Profile::Organization | Profile::OrganizationEvent | Profile::Agent | Profile::AgentEvent => {
                Self::Organization
            }
            _ => Self::Services,
        }
    }

    fn profile(self) -> Profile {
        match self {
            Self::Services => Profile::IssuingServices,
            Self::Person => Profile::IssuingPerson,
            Self::Organization => Profile::IssuingOrganization,
        }
    }
}

/// A CA of a branch: the first, the one that followed it, and so on. Its word is in storage and in addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CaId {
    /// Its branch.
    pub branch: Branch,
    /// From 1.
    pub generation: u32,
}

impl CaId {
    /// The CA of a word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        if word == FIRST_SERVICES {
            return Some(Self { branch: Branch::Services, generation: 1 });
        }
        let (branch, generation) = word.rsplit_once('-')?;
        let id = Self { branch: Branch::parse(branch)?, generation: generation.parse().ok()? };
        (id.generation > 0 && id.to_string() == word).then_some(id)
    }

    /// The one that follows.
    #[must_use]
    pub fn next(self) -> Self {
        Self { generation: self.generation + 1, ..self }
    }
}

/// The name that the one CA had before there were branches.
const FIRST_SERVICES: &str = "issuing";

impl std::fmt::Display for CaId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self { branch: Branch::Services, generation: 1 } => f.write_str(FIRST_SERVICES),
            Self { branch, generation } => write!(f, "{}-{generation}", branch.as_str()),
        }
    }
}

/// A key of the authority itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// The anchor of trust.
    Root,
    /// Certifies subscribers and the roles below.
    Ca(CaId),
    /// Signs OCSP answers for a CA, which certifies it (RFC 6960 §4.2.2.2).
    Ocsp(CaId),
    /// Signs time-stamps.
    TimeStamping,
    /// Signs heads of the log of events.
    Log,
    /// Seals certification reports.
    Platform,
}

impl Role {
    /// What the services' CA certifies.
    pub const SERVICES: [Self; 3] = [Self::TimeStamping, Self::Log, Self::Platform];

    /// The word in storage.
    #[must_use]
    pub fn word(self) -> String {
        match self {
            Self::Root => "root".to_owned(),
            Self::Ca(id) => id.to_string(),
            Self::Ocsp(CaId { branch: Branch::Services, generation: 1 }) => "ocsp".to_owned(),
            Self::Ocsp(id) => format!("ocsp/{id}"),
            Self::TimeStamping => "time_stamping".to_owned(),
            Self::Log => "log".to_owned(),
            Self::Platform => "platform".to_owned(),
        }
    }

    /// The profile of its certificate.
    #[must_use]
    pub fn profile(self) -> Profile {
        match self {
            Self::Root => Profile::Root,
            Self::Ca(id) => id.branch.profile(),
            Self::Ocsp(_) => Profile::OcspResponder,
            Self::TimeStamping => Profile::TimeStamping,
            Self::Log => Profile::Log,
            Self::Platform => Profile::Platform,
        }
    }

    /// The name of its certificate: it says that trust is test trust, since people read it in viewers.
    #[must_use]
    pub fn subject(self) -> Subject {
        let branch = |it: Branch| match it {
            Branch::Services => "Services",
            Branch::Person => "Person",
            Branch::Organization => "Organization",
        };
        let numbered = |name: String, generation: u32| match generation {
            1 => name,
            later => format!("{name} G{later}"),
        };
        let common_name = match self {
            Self::Root => "Vermilion Test Root CA".to_owned(),
            Self::Ca(id) => numbered(format!("Vermilion Test {} CA", branch(id.branch)), id.generation),
            Self::Ocsp(id) => {
                numbered(format!("Vermilion Test {} OCSP Responder", branch(id.branch)), id.generation)
            }
            Self::TimeStamping => "Vermilion Test Time-Stamping Authority".to_owned(),
            Self::Log => "Vermilion Test Evidence Log".to_owned(),
            Self::Platform => "Vermilion Test Platform".to_owned(),
        };
        Subject {
            common_name,
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
            Self::Ca(_) => 10 * 365,
            Self::TimeStamping | Self::Log | Self::Platform => 3 * 365,
            Self::Ocsp(_) => 365,
        };
        SignedDuration::from_hours(days * DAYS)
    }

    /// Renewed where less than this is left; a CA issues nothing more then.
    #[must_use]
    pub fn renewal_margin(self) -> SignedDuration {
        match self {
            Self::Root => SignedDuration::ZERO,
            Self::Ca(_) => SignedDuration::from_hours(2 * 365 * DAYS),
            Self::TimeStamping | Self::Log | Self::Platform => SignedDuration::from_hours(365 * DAYS),
            Self::Ocsp(_) => SignedDuration::from_hours(60 * DAYS),
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
    /// `until`: the end of the issuer's certificate, where there is one: nothing under it outlives it.
    pub(crate) fn generate(
        role: Role,
        now: Timestamp,
        until: Option<Timestamp>,
        rng: &dyn Rng,
    ) -> Result<Self, AuthorityError> {
        let (signer, pkcs8) = SoftwareSigner::generate(KeyAlgorithm::P256)
            .map_err(|error| AuthorityError::Key(error.to_string()))?;
        let not_before = whole_second(now);
        let wanted = not_before + role.lifetime();
        let validity = Validity { not_before, not_after: until.map_or(wanted, |end| wanted.min(end)) };
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

/// The issuer that a CA's certificate makes, with the addresses that its certificates carry: `word` is what its files are
/// called there, and the root answers no questions.
pub(crate) fn issuer(
    role: Role,
    certificate: Certificate,
    above: Vec<Certificate>,
    base: Option<&str>,
) -> Issuer {
    let word = role.word();
    let urls = base.map_or_else(Urls::default, |base| Urls {
        crl: vec![format!("{base}/pki/{word}.crl")],
        ocsp: if role == Role::Root { Vec::new() } else { vec![format!("{base}/ocsp")] },
        ca_issuers: vec![format!("{base}/pki/{word}.cer")],
    });
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
