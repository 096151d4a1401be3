//! The embedded authority: CA, revocation, time-stamps, and the platform's own certificate. Test trust.
//!
//! What the ceremony needs of an authority are two traits, [`CertificateAuthority`] and [`TimeStampAuthority`]; the
//! embedded one also answers the protocols at the addresses that its certificates name ([`EmbeddedAuthority::ocsp`],
//! [`EmbeddedAuthority::issuing_crl`], …).

mod crl;
mod error;
mod hierarchy;
mod interface;
mod issue;
mod ocsp;
mod setup;
mod sources;
mod tsa;

use std::sync::Arc;

use domain::{Clock, Rng};
use pki::{Certificate, SoftwareSigner, ca::Issuer};
use store::Store;
use tokio::sync::Mutex;

pub use error::AuthorityError;
pub use hierarchy::Role;
pub use interface::{CertificateAuthority, CertificateRequest, ProofOfPossession, TimeStampAuthority};
pub use setup::open;
pub(crate) use sources::{AuthoritySources, TrustedTime};

/// The authority that comes with the server. Cheap to clone.
#[derive(Clone)]
pub struct EmbeddedAuthority(Arc<Inner>);

struct Inner {
    store: Store,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    keys: Keys,
    crl: Mutex<Option<crl::Cached>>,
}

/// Certificates and opened keys of the daily roles. The root's key is not among them.
pub(crate) struct Keys {
    pub(crate) root: Certificate,
    pub(crate) root_crl: Vec<u8>,
    pub(crate) issuing: Issuer,
    pub(crate) issuing_signer: SoftwareSigner,
    pub(crate) tsa: pki::tsa::Authority,
    pub(crate) tsa_signer: SoftwareSigner,
    pub(crate) ocsp: Certificate,
    pub(crate) ocsp_signer: SoftwareSigner,
    pub(crate) platform: Certificate,
    pub(crate) platform_signer: SoftwareSigner,
}

impl EmbeddedAuthority {
    /// The root: the anchor that `trust.pem` holds.
    #[must_use]
    pub fn root(&self) -> &Certificate {
        &self.0.keys.root
    }

    /// The issuing CA.
    #[must_use]
    pub fn issuing(&self) -> &Certificate {
        &self.0.keys.issuing.certificate
    }

    /// The root's list, DER.
    #[must_use]
    pub fn root_crl(&self) -> &[u8] {
        &self.0.keys.root_crl
    }

    /// The certificate and key that seal the platform's own reports.
    pub(crate) fn platform(&self) -> (&Certificate, &SoftwareSigner) {
        (&self.0.keys.platform, &self.0.keys.platform_signer)
    }

    fn store(&self) -> &Store {
        &self.0.store
    }

    fn clock(&self) -> &dyn Clock {
        &*self.0.clock
    }

    fn rng(&self) -> &dyn Rng {
        &*self.0.rng
    }

    fn keys(&self) -> &Keys {
        &self.0.keys
    }

    fn crl_cache(&self) -> &Mutex<Option<crl::Cached>> {
        &self.0.crl
    }
}
