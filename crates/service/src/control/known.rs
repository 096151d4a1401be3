//! What whoever judges knows besides the file and the proof, and how they write it down.

use std::str::FromStr;

/// The arc of this product's own certificate policies: whoever certified a CA of the embedded authority, what that CA states
/// under them is the word of whoever runs the server.
const OWN_POLICIES: &str = "1.3.6.1.4.1.99999.";

/// What whoever judges knows besides the file and the proof.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Fingerprints of passkeys that they know to be the signers', from the signers themselves.
    pub passkeys: Vec<[u8; 32]>,
    /// Whose certificates show whose passkey they name. A request asks for name and passkey alike, so that without this both
    /// are the word of whoever asked.
    pub attesting: Vec<Attesting>,
}

/// A certificate policy of one authority, of which whoever judges knows that this authority certifies under it only what it
/// saw itself: that the person whom the certificate names registered the passkey that it names.
///
/// Written `OID@SHA256`: the policy, dotted, and the SHA-256 fingerprint of the authority's certificate, a root or a CA.
///
/// ```
/// use vermilion_service::control::Attesting;
/// let text = format!("1.2.156.1.9@{}", "ab".repeat(32));
/// assert_eq!(text.parse::<Attesting>().unwrap().authority, [0xab; 32]);
/// assert!("1.2.156.1.9".parse::<Attesting>().is_err(), "of whom?");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attesting {
    /// The policy, dotted.
    pub policy: String,
    /// SHA-256 of the authority's certificate.
    pub authority: [u8; 32],
}

/// What is written is not what somebody can know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KnownError {
    /// No fingerprint.
    #[error("{0}: a fingerprint is 64 hexadecimal digits (SHA-256)")]
    Fingerprint(String),
    /// No object identifier.
    #[error("{0}: a certificate policy is a dotted object identifier, as 1.2.3")]
    Policy(String),
    /// A policy of nobody.
    #[error(
        "{0}: whose policy is that? Name the authority too, root or CA, by the SHA-256 fingerprint of its certificate: \
         {0}@FINGERPRINT"
    )]
    NoAuthority(String),
    /// More than anybody knows.
    #[error("too many passkeys or policies")]
    TooMany,
    /// A policy of the embedded authority.
    #[error(
        "{0}: this is a policy of the embedded authority, which whoever runs the platform runs: it shows nothing"
    )]
    OwnPolicy(String),
}

impl Known {
    /// Whether this is a policy that can show something: none of the embedded authority.
    pub(super) fn may_attest(policy: &str) -> bool {
        !policy.starts_with(OWN_POLICIES)
    }

    /// With the passkey of this fingerprint, hexadecimal.
    ///
    /// # Errors
    /// [`KnownError::Fingerprint`].
    pub fn with_passkey(mut self, fingerprint: &str) -> Result<Self, KnownError> {
        self.passkeys.push(digest(fingerprint)?);
        Ok(self)
    }

    /// With an attesting policy, written as [`Attesting`] says.
    ///
    /// # Errors
    /// [`KnownError`].
    pub fn with_attesting(mut self, text: &str) -> Result<Self, KnownError> {
        self.attesting.push(text.parse()?);
        Ok(self)
    }
}

impl FromStr for Attesting {
    type Err = KnownError;

    fn from_str(text: &str) -> Result<Self, KnownError> {
        let (policy, authority) = text.split_once('@').map_or((text, None), |(it, of)| (it, Some(of)));
        let arcs: Vec<&str> = policy.split('.').collect();
        let number = |arc: &&str| !arc.is_empty() && arc.bytes().all(|it| it.is_ascii_digit());
        if arcs.len() < 2 || !arcs.iter().all(number) {
            return Err(KnownError::Policy(policy.to_owned()));
        }
        let authority = authority.filter(|it| !it.is_empty());
        let authority = authority.ok_or_else(|| KnownError::NoAuthority(policy.to_owned()))?;
        if !Known::may_attest(policy) {
            return Err(KnownError::OwnPolicy(policy.to_owned()));
        }
        Ok(Self { policy: policy.to_owned(), authority: digest(authority)? })
    }
}

/// A SHA-256 fingerprint, also in the form in which OpenSSL writes it, with colons.
fn digest(text: &str) -> Result<[u8; 32], KnownError> {
    let digits: String = text.chars().filter(|it| *it != ':').collect();
    let mut digest = [0; 32];
    hex::decode_to_slice(&digits, &mut digest).map_err(|_| KnownError::Fingerprint(text.to_owned()))?;
    Ok(digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_somebodys() {
        let read = |text: &str| text.parse::<Attesting>();
        let fingerprint = "0f".repeat(32);
        let attesting = read(&format!("1.2.3@{fingerprint}")).expect("whole");
        assert_eq!((attesting.policy.as_str(), attesting.authority), ("1.2.3", [0x0f; 32]));
        let colons = vec!["0F"; 32].join(":");
        assert_eq!(read(&format!("1.2.3@{colons}")), Ok(attesting), "as OpenSSL writes it");
        assert_eq!(read("1.2.3"), Err(KnownError::NoAuthority("1.2.3".to_owned())));
        assert_eq!(read("1.2.3@"), Err(KnownError::NoAuthority("1.2.3".to_owned())));
        assert_eq!(read("1.2.3@12"), Err(KnownError::Fingerprint("12".to_owned())));
        assert_eq!(read("1..3"), Err(KnownError::Policy("1..3".to_owned())));
        let own = "1.3.6.1.4.1.99999.1.1";
        assert_eq!(read(&format!("{own}@{fingerprint}")), Err(KnownError::OwnPolicy(own.to_owned())));
    }
}
