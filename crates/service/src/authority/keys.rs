//! The opened keys of the authority and their certificates. The root's key is not among them.

use std::sync::Arc;

use jiff::Timestamp;
use pki::{Certificate, SoftwareSigner, ca::Issuer};

use super::AuthorityError;
use super::hierarchy::{Branch, CaId, Role};

/// A certificate with its key.
#[derive(Clone)]
pub(crate) struct Pair {
    pub(crate) certificate: Certificate,
    pub(crate) signer: Arc<SoftwareSigner>,
}

/// A CA under the root.
#[derive(Clone)]
pub(crate) struct Ca {
    pub(crate) id: CaId,
    pub(crate) issuer: Issuer,
    pub(crate) signer: Arc<SoftwareSigner>,
    pub(crate) ocsp: Pair,
}

impl Ca {
    pub(crate) fn certificate(&self) -> &Certificate {
        &self.issuer.certificate
    }

    /// Whether it issued `certificate`: by name, and by key where both say which.
    pub(crate) fn issued(&self, certificate: &Certificate) -> bool {
        is_issuer(self.certificate(), certificate)
    }
}

pub(crate) fn is_issuer(issuer: &Certificate, certificate: &Certificate) -> bool {
    let key_fits = match (certificate.authority_key_id(), issuer.subject_key_id()) {
        (Some(asked), Some(own)) => asked == own,
        _ => true,
    };
    key_fits && certificate.issuer().matches(issuer.subject())
}

/// What the authority works with.
pub(crate) struct Keys {
    pub(crate) root: Certificate,
    /// By branch, the newest first.
    pub(crate) cas: Vec<Ca>,
    pub(crate) tsa: pki::tsa::Authority,
    pub(crate) tsa_signer: Arc<SoftwareSigner>,
    pub(crate) log: Pair,
    pub(crate) platform: Pair,
}

impl Keys {
    pub(crate) fn ca(&self, id: CaId) -> Option<&Ca> {
        self.cas.iter().find(|ca| ca.id == id)
    }

    /// The CA that issued `certificate`.
    pub(crate) fn issuer_of(&self, certificate: &Certificate) -> Option<&Ca> {
        self.cas.iter().find(|ca| ca.issued(certificate))
    }

    /// The CA that certifies for a branch now. Where the branch has none, which happens to an authority that was made before
    /// there were branches and whose root is away, the CA that certified everything goes on.
    pub(crate) fn active(&self, branch: Branch, now: Timestamp) -> Result<&Ca, AuthorityError> {
        active(&self.cas, branch, now)
    }

    /// The CAs' certificates and what is above them, roots last.
    pub(crate) fn chain(&self) -> Vec<Certificate> {
        let mut chain: Vec<Certificate> = self.cas.iter().map(|ca| ca.certificate().clone()).collect();
        for above in self.cas.iter().flat_map(|ca| &ca.issuer.chain) {
            if !chain.contains(above) && !above.is_self_issued() {
                chain.push(above.clone());
            }
        }
        chain.extend(self.anchors());
        chain
    }

    /// The roots: our own, and those of CAs that others certified.
    pub(crate) fn anchors(&self) -> Vec<Certificate> {
        let mut anchors = Vec::new();
        for root in self.cas.iter().filter_map(|ca| ca.issuer.chain.last()).chain([&self.root]) {
            if root.is_self_issued() && !anchors.contains(root) {
                anchors.push(root.clone());
            }
        }
        anchors
    }
}

pub(crate) fn active(cas: &[Ca], branch: Branch, now: Timestamp) -> Result<&Ca, AuthorityError> {
    let lasts = |ca: &&Ca| {
        let left = ca.certificate().not_after().duration_since(now);
        left > Role::Ca(ca.id).renewal_margin() && ca.certificate().not_before() <= now
    };
    let own = cas.iter().filter(|ca| ca.id.branch == branch).find(lasts);
    let old = || cas.iter().filter(|ca| certifies_all(ca.certificate())).find(lasts);
    own.or_else(old).ok_or(AuthorityError::NoIssuer(branch.as_str()))
}

/// Whether a CA's policies leave everything open, as those of the one CA did before there were branches.
fn certifies_all(certificate: &Certificate) -> bool {
    certificate.policies().iter().any(|policy| policy == "2.5.29.32.0")
}
