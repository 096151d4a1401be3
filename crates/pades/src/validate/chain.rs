//! Chains: from a certificate to an anchor, with everything that revocation data says of each link
//! (EN 319 102-1 §5.2.6, §5.6.2.1). A chain is built once for each certificate; whether it holds is judged at each time.

use std::collections::HashMap;
use std::rc::Rc;

use jiff::Timestamp;
use pki::Certificate;
use pki::path::{
    self, Budget, Evidence, Need, PathError, Pool, Purpose, Revocation, Source, ValidatedPath, Weak,
};

use super::Policy;
use super::algorithms::Reliance;
use super::material::{Material, Origin, Origins};
use super::poe::{Object, Poe};
use super::trouble::Trouble;
use super::trusted_list::{ServiceKind, TrustService};
use crate::report::{Code, Reason, SubIndication};
use crate::sources::{RevocationData, ValidationSource};

/// Issuers asked for one after the other.
const MAX_CHASED: usize = 4;

/// A chain that RFC 5280 finds in order, but for revocation and the strength of algorithms.
#[derive(Debug)]
pub(crate) struct Chain {
    /// From the certificate to the one under the anchor; empty where the certificate is itself an anchor.
    pub(crate) links: Vec<Link>,
    pub(crate) anchor: Certificate,
    /// The certificate policies that are valid along it, dotted.
    pub(crate) policies: Vec<String>,
    /// The service of a trusted list that makes the anchor one.
    pub(crate) service: Option<TrustService>,
}

impl Chain {
    /// From the leaf to the anchor.
    pub(crate) fn certificates(&self) -> impl Iterator<Item = &Certificate> {
        self.links.iter().map(|link| &link.certificate).chain(std::iter::once(&self.anchor))
    }
}

/// A certificate under the anchor.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) certificate: Certificate,
    pub(crate) evidence: Vec<Evidence>,
    /// How long the issuer's signature on it can be relied on.
    pub(crate) reliance: Reliance,
}

/// A chain, or why there is none.
pub(crate) type Built = Rc<Result<Chain, Trouble>>;

/// Everything that one validation works with.
pub(crate) struct Judge<'a> {
    pub(crate) policy: &'a Policy,
    pub(crate) material: Material,
    pub(crate) poe: Poe,
    /// What sources did not answer.
    pub(crate) unanswered: Vec<Reason>,
    source: Option<&'a dyn ValidationSource>,
    signing_anchors: Vec<Certificate>,
    stamping_anchors: Vec<Certificate>,
    chains: HashMap<([u8; 32], bool), Built>,
    budget: Budget,
}

impl<'a> Judge<'a> {
    pub(crate) fn new(
        policy: &'a Policy,
        material: Material,
        source: Option<&'a dyn ValidationSource>,
    ) -> Self {
        let listed = |stamping: bool| {
            let services = policy.trusted_lists.iter().flat_map(|list| &list.services);
            let fitting =
                services.filter(move |one| stamping || one.kind == ServiceKind::CertificateAuthority);
            fitting.flat_map(|one| one.certificates.iter().cloned())
        };
        let anchors = |stamping| policy.anchors.iter().cloned().chain(listed(stamping)).collect();
        Self {
            policy,
            material,
            poe: Poe::new(policy.at),
            unanswered: Vec::new(),
            source,
            signing_anchors: anchors(false),
            stamping_anchors: anchors(true),
            chains: HashMap::new(),
            budget: Budget {
                signatures: policy.max_certificate_work,
                weak: Weak::Accepted,
                ..Budget::default()
            },
        }
    }

    /// The chain of a certificate.
    pub(crate) fn chain(&mut self, leaf: &Certificate, purpose: Purpose) -> Built {
        let key = (leaf.fingerprint(), purpose == Purpose::TimeStamping);
        if let Some(known) = self.chains.get(&key) {
            return Rc::clone(known);
        }
        let built = Rc::new(self.build(leaf, purpose));
        self.chains.insert(key, Rc::clone(&built));
        built
    }

    fn anchors(&self, purpose: Purpose) -> &[Certificate] {
        match purpose {
            Purpose::TimeStamping => &self.stamping_anchors,
            _ => &self.signing_anchors,
        }
    }

    fn build(&mut self, leaf: &Certificate, purpose: Purpose) -> Result<Chain, Trouble> {
        if self.anchors(purpose).is_empty() {
            return Err(Trouble::fixed(SubIndication::NoCertificateChainFound, Reason::new(Code::NoAnchors)));
        }
        let mut found = self.find(leaf, purpose);
        for _ in 0..MAX_CHASED {
            match &found {
                Err(PathError::NoPath { .. }) if self.chase(leaf) => found = self.find(leaf, purpose),
                _ => break,
            }
        }
        let path = found.map_err(|error| not_found(&error))?;
        let Some((anchor, below)) = path.certificates().split_last() else {
            return Err(Trouble::fixed(SubIndication::Generic, Reason::new(Code::NoAnchors)));
        };
        let mut links = Vec::new();
        for (index, certificate) in below.iter().enumerate() {
            let issuer = below.get(index + 1).unwrap_or(anchor);
            links.push(Link {
                certificate: certificate.clone(),
                evidence: self.evidence(certificate, issuer, anchor)?,
                reliance: self.policy.algorithms.of_certificate(certificate, issuer),
            });
        }
        let (anchor, service) = (anchor.clone(), self.service(anchor, purpose));
        Ok(Chain { links, anchor, policies: path.policies().to_vec(), service })
    }

    /// A path at a time at which it can hold: the time of judging, or the nearest at which the leaf is valid.
    fn find(&mut self, leaf: &Certificate, purpose: Purpose) -> Result<ValidatedPath, PathError> {
        let nearest = self.policy.at.max(leaf.not_before()).min(leaf.not_after());
        let mut first = None;
        for at in [nearest, leaf.not_before()] {
            let anchors = match purpose {
                Purpose::TimeStamping => &self.stamping_anchors,
                _ => &self.signing_anchors,
            };
            let revocation = Revocation::none(self.policy.at);
            let pool = &self.material.certificates;
            match path::validate(leaf, pool, anchors, at, purpose, &revocation, &mut self.budget) {
                Ok(path) => return Ok(path),
                Err(error @ (PathError::Expired { .. } | PathError::NotYetValid { .. })) => {
                    first.get_or_insert(error);
                }
                Err(error) => return Err(first.unwrap_or(error)),
            }
        }
        Err(first.unwrap_or(PathError::BudgetExhausted))
    }

    /// Asks the source for issuers that are missing above `leaf`; whether any came.
    fn chase(&mut self, leaf: &Certificate) -> bool {
        let Some(source) = self.source else { return false };
        let mut top = leaf.clone();
        for _ in 0..self.budget.depth {
            let above = self
                .material
                .certificates
                .iter()
                .find(|one| !one.is_self_issued() && one.subject().matches(top.issuer()) && **one != top);
            let Some(issuer) = above else { break };
            top = issuer.clone();
        }
        match source.issuers(&top) {
            Ok(found) => {
                let before = self.material.certificates.len();
                for certificate in found.iter().take(16) {
                    self.material.add_certificate(certificate, None);
                }
                self.material.certificates.len() > before
            }
            Err(error) => {
                self.unanswered.push(Reason::new(Code::SourceFailed).with("detail", error));
                false
            }
        }
    }

    /// What the data says of a certificate; asks the source where nothing at hand is fresh.
    fn evidence(
        &mut self,
        certificate: &Certificate,
        issuer: &Certificate,
        anchor: &Certificate,
    ) -> Result<Vec<Evidence>, Trouble> {
        let found = self.read_evidence(certificate, issuer, anchor)?;
        let now = self.policy.at;
        let fresh = |one: &Evidence| {
            one.this_update.duration_since(now) <= path::CLOCK_SKEW
                && one.next_update.is_some_and(|next| next >= now)
        };
        let Some(source) = self.source.filter(|_| !found.iter().any(fresh)) else { return Ok(found) };
        let data = match source.revocation(certificate, issuer) {
            Ok(data) => data,
            Err(error) => {
                self.unanswered.push(Reason::new(Code::SourceFailed).with("detail", error));
                RevocationData::default()
            }
        };
        if data.is_empty() {
            return Ok(found);
        }
        self.material.add_revocation(&data, Origin::Given);
        self.read_evidence(certificate, issuer, anchor)
    }

    /// The path of whoever signed a CRL must end at the anchor of the certificate's own (RFC 5280 §6.3.3 (f)).
    fn read_evidence(
        &mut self,
        certificate: &Certificate,
        issuer: &Certificate,
        anchor: &Certificate,
    ) -> Result<Vec<Evidence>, Trouble> {
        let anchors = std::slice::from_ref(anchor);
        let now = self.policy.at;
        let revocation =
            Revocation { crls: &self.material.crls, ocsps: &self.material.ocsps, need: Need::IfPresent, now };
        let pool = Pool { intermediates: &self.material.certificates, anchors };
        let at = now.min(certificate.not_after());
        path::evidence(certificate, issuer, pool, &revocation, at, &mut self.budget)
            .map_err(|error| not_found(&error))
    }

    fn service(&self, anchor: &Certificate, purpose: Purpose) -> Option<TrustService> {
        if self.policy.anchors.contains(anchor) {
            return None;
        }
        let services = self.policy.trusted_lists.iter().flat_map(|list| &list.services);
        let mut fitting: Vec<&TrustService> = services
            .filter(|one| purpose == Purpose::TimeStamping || one.kind == ServiceKind::CertificateAuthority)
            .filter(|one| one.certificates.contains(anchor))
            .collect();
        // The same certificate may stand for several services: one that is granted now, before one that is not.
        fitting.sort_by_key(|one| !one.is_granted_at(self.policy.at));
        fitting.first().map(|one| (*one).clone())
    }

    /// How long the signature on revocation data can be relied on.
    pub(crate) fn reliance(&self, evidence: &Evidence) -> Reliance {
        let algorithm = match evidence.source {
            Source::Crl { index } => {
                self.material.crls.get(index).and_then(pki::crl::Crl::signature_algorithm)
            }
            Source::Ocsp { index } => {
                self.material.ocsps.get(index).and_then(pki::ocsp::Response::signature_algorithm)
            }
            Source::NoCheck => None,
        };
        match algorithm {
            Some(algorithm) => {
                self.policy.algorithms.of_signature(algorithm, evidence.signer.public_key_der())
            }
            None => Reliance { name: "?".to_owned(), until: Some(Timestamp::MIN) },
        }
    }

    /// The earliest proof of revocation data.
    pub(crate) fn poe_of(&self, evidence: &Evidence) -> Timestamp {
        Object::of_evidence(evidence.source).map_or(self.policy.at, |object| self.poe.of(object))
    }

    /// Where revocation data came from.
    pub(crate) fn origins(&self, evidence: &Evidence) -> Option<Origins> {
        match evidence.source {
            Source::Crl { index } => self.material.crl_origins.get(index).copied(),
            Source::Ocsp { index } => self.material.ocsp_origins.get(index).copied(),
            Source::NoCheck => None,
        }
    }
}

/// The indication where there is no chain (EN 319 102-1 §5.2.6.4).
fn not_found(error: &PathError) -> Trouble {
    let detail = |code| Reason::new(code).with("detail", error.to_string());
    match error {
        PathError::NoPath { .. } => {
            Trouble::fixed(SubIndication::NoCertificateChainFound, detail(Code::Untrusted))
        }
        PathError::Algorithm { algorithm, .. } => Trouble::fixed(
            SubIndication::CryptoConstraintsFailure,
            Reason::new(Code::AlgorithmUnsupported).with("algorithm", algorithm),
        ),
        PathError::KeyUsage { .. }
        | PathError::Purpose { .. }
        | PathError::NameConstraint { .. }
        | PathError::Policy { .. } => {
            Trouble::fixed(SubIndication::ChainConstraintsFailure, detail(Code::ChainConstraint))
        }
        PathError::Expired { not_after, at, .. } => Trouble::fixed(
            SubIndication::OutOfBoundsNoPoe,
            Reason::new(Code::CertificateExpired).with("date", not_after).with("time", at),
        ),
        PathError::NotYetValid { not_before, at, .. } => Trouble::fixed(
            SubIndication::OutOfBoundsNoPoe,
            Reason::new(Code::CertificateNotYetValid).with("date", not_before).with("time", at),
        ),
        _ => Trouble::fixed(SubIndication::CertificateChainGeneralFailure, detail(Code::ChainBroken)),
    }
}
