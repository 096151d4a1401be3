//! The embedded authority: CAs, revocation, time-stamps, and the platform's own certificate. Test trust.
//!
//! What the ceremony needs of an authority are two traits, [`CertificateAuthority`] and [`TimeStampAuthority`]; the
//! embedded one also answers the protocols at the addresses that its certificates name ([`EmbeddedAuthority::ocsp`],
//! [`EmbeddedAuthority::file`], …). Where the keys stand and what each certifies: [`hierarchy`](Branch), ADR 10.

mod console;
mod crl;
mod desk;
mod enroll;
mod error;
mod external;
mod hierarchy;
mod interface;
mod issue;
mod keys;
mod lapse;
mod mine;
mod ocsp;
mod offline;
mod root;
mod setup;
mod sources;
mod status;
mod tend;
mod tsa;
pub(crate) mod waiting;

use std::sync::{Arc, PoisonError, RwLock};

use domain::{Clock, Rng};
use jiff::Timestamp;
use pki::Certificate;
use store::Store;
use tokio::sync::Mutex;

use crate::core::Foundation;
use crate::view;

pub(crate) use console::issued;
pub use console::{
    add_administrator, administrators, approve, certificate, certificates, is_administrator, overview,
    refuse, remove_administrator, request, requests,
};
pub use desk::DeskSettings;
pub use error::AuthorityError;
pub use external::{ExternalAuthority, ExternalSettings};
pub use hierarchy::{Branch, CaId, Role};
pub use interface::{CertificateAuthority, CertificateRequest, ProofOfPossession, Term, TimeStampAuthority};
pub(crate) use lapse::restored;
pub use lapse::{LapseCause, lapse, lapse_due};
pub use mine::{my_certificates, release_mine, revoke_mine, suspend_mine};
pub use offline::{
    CaEntry, RootKey, accept, certification_request, entries, export_root, import_list, import_root, rotate,
};
pub(crate) use root::write_new;
pub use setup::open;
pub(crate) use setup::recorded_url;
pub(crate) use sources::{AuthoritySources, TrustedTime};
pub use status::Change;
pub use store::OwnerOf;
pub use tend::{confirm_revocations, tend};
pub use waiting::{OpenRevocation, WaitEnd, confirm_revocation, follow_pending, open_revocations};

/// The name that the embedded authority bears in records.
const EMBEDDED: &str = "embedded";

/// The authority that comes with the server. Cheap to clone.
#[derive(Clone)]
pub struct EmbeddedAuthority(Arc<Inner>);

struct Inner {
    foundation: Foundation,
    root: Certificate,
    keys: RwLock<Arc<keys::Keys>>,
    lists: Mutex<crl::Cached>,
    answers: ocsp::Answers,
    tended: Mutex<Option<Timestamp>>,
    lapsed: Mutex<Option<Timestamp>>,
}

/// What seals the platform's own reports.
pub(crate) struct PlatformSeal {
    pub(crate) pair: keys::Pair,
    pub(crate) chain: Vec<Certificate>,
}

/// A file of the authority, for whoever follows the addresses in certificates.
#[derive(Debug, Clone)]
pub enum File {
    /// A certificate.
    Certificate(Certificate),
    /// A revocation list, DER.
    List(Vec<u8>),
}

/// Seals the root's key under the master key that seals now.
pub(crate) fn reseal_root(service: &crate::Service) -> Result<(), AuthorityError> {
    root::reseal(&service.authority().0.foundation)
}

impl EmbeddedAuthority {
    /// The root: the first anchor that `trust.pem` holds.
    #[must_use]
    pub fn root(&self) -> &Certificate {
        &self.0.root
    }

    /// The CA that issued a certificate.
    #[must_use]
    pub fn issuer_of(&self, certificate: &Certificate) -> Option<Certificate> {
        self.keys().issuer_of(certificate).map(|ca| ca.certificate().clone())
    }

    /// A file by the name that certificates give it, without its ending: of `root` or of a CA. `None` where there is none.
    ///
    /// # Errors
    /// Where the records cannot be read or the key fails.
    pub async fn file(&self, word: &str, list: bool) -> Result<Option<File>, AuthorityError> {
        if word == Role::Root.word() {
            return Ok(match list {
                true => self.kept_list(word).await?.map(File::List),
                false => Some(File::Certificate(self.root().clone())),
            });
        }
        let Some(id) = CaId::parse(word) else { return Ok(None) };
        let Some(certificate) = self.keys().ca(id).map(|ca| ca.certificate().clone()) else {
            return Ok(None);
        };
        Ok(Some(match list {
            true => File::List(self.list(id, Timestamp::UNIX_EPOCH).await?),
            false => File::Certificate(certificate),
        }))
    }

    /// Where the revocation lists of the CAs are.
    pub(crate) fn list_names(&self) -> Vec<view::RevocationList> {
        let named = |ca: &keys::Ca| view::RevocationList {
            branch: ca.id.branch.as_str().to_owned(),
            generation: ca.id.generation,
            path: format!("/pki/{}.crl", ca.id),
        };
        self.keys().cas.iter().map(named).collect()
    }

    /// The certificate and key that seal the platform's own reports.
    pub(crate) fn platform(&self) -> PlatformSeal {
        let pair = self.keys().platform.clone();
        PlatformSeal { chain: self.intermediates(&pair.certificate), pair }
    }

    /// Reads the keys anew: roles are renewed, CAs that another process made are taken up.
    pub(crate) async fn reload(&self) -> Result<(), AuthorityError> {
        let fresh = Arc::new(setup::load(&self.0.foundation).await?);
        *self.0.keys.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }

    pub(crate) fn keys(&self) -> Arc<keys::Keys> {
        Arc::clone(&self.0.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn store(&self) -> &Store {
        &self.0.foundation.store
    }

    fn clock(&self) -> &dyn Clock {
        &*self.0.foundation.clock
    }

    fn rng(&self) -> &dyn Rng {
        &*self.0.foundation.rng
    }

    fn lists(&self) -> &Mutex<crl::Cached> {
        &self.0.lists
    }

    fn tended(&self) -> &Mutex<Option<Timestamp>> {
        &self.0.tended
    }

    fn lapsed(&self) -> &Mutex<Option<Timestamp>> {
        &self.0.lapsed
    }
}
