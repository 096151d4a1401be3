//! All that a validation of some certificates asks for: issuers and revocation data of every chain.

use std::collections::HashSet;

use pades::RevocationData;
use pki::cms::SignedData;
use pki::crl::Crl;
use pki::tsa::Token;
use pki::{Certificate, VerifyError};

use crate::error::Unanswered;
use crate::session::Session;

/// Certificates whose issuers and revocation data are asked for at most.
const MOST: usize = 128;

/// What was found, for a validation that says what is lacking: see [`Session::collect`].
#[derive(Clone, Debug, Default)]
pub struct Material {
    /// Every certificate of every chain, at hand or fetched.
    pub certificates: Vec<Certificate>,
    /// CRLs and OCSP responses.
    pub revocation: RevocationData,
    /// What was not to be had.
    pub missing: Vec<Unanswered>,
}

impl Session<'_> {
    /// Finds what a validation of signatures needs: for the signer of each, and of each time-stamp inside, see
    /// [`Session::collect`]. `signatures` are the CMS values of signatures and document time-stamps.
    pub fn collect_for(
        &self,
        signatures: &[SignedData],
        at_hand: &[Certificate],
        anchors: &[Certificate],
    ) -> Material {
        let tokens = signatures.iter().flat_map(SignedData::signature_time_stamps);
        let tokens = tokens.filter_map(|der| Some(Token::from_der(der).ok()?.signed_data().clone()));
        let all: Vec<SignedData> = signatures.iter().cloned().chain(tokens).collect();
        let leaves: Vec<Certificate> = all.iter().filter_map(|one| one.signer_certificate(at_hand)).collect();
        let inside = all.iter().flat_map(SignedData::certificates).cloned();
        let at_hand: Vec<Certificate> = at_hand.iter().cloned().chain(inside).collect();
        self.collect(&leaves, &at_hand, anchors)
    }

    /// Finds, for each of `leaves`, the chain up to one of `anchors` or to a self-signed certificate, and revocation
    /// data for each certificate below; the same for the signers of OCSP responses (but those of which nobody is to ask,
    /// RFC 6960 §4.2.2.2.1) and of CRLs. Issuers are looked for in `at_hand` first.
    ///
    /// What is not to be had is no error here: [`Material::missing`] says it, and the verdict is the validation's. For a
    /// signature that must have everything see [`pades::sign_to`].
    pub fn collect(
        &self,
        leaves: &[Certificate],
        at_hand: &[Certificate],
        anchors: &[Certificate],
    ) -> Material {
        self.know(at_hand);
        self.know(anchors);
        let mut collecting = Collecting {
            session: self,
            anchors,
            pool: anchors.iter().chain(at_hand).chain(leaves).cloned().collect(),
            seen: HashSet::new(),
            material: Material::default(),
        };
        let mut next: Vec<Certificate> = leaves.to_vec();
        while let Some(certificate) = next.pop() {
            if collecting.seen.len() < MOST {
                next.extend(collecting.visit(&certificate));
            }
        }
        collecting.material
    }
}

struct Collecting<'a> {
    session: &'a Session<'a>,
    anchors: &'a [Certificate],
    pool: Vec<Certificate>,
    seen: HashSet<[u8; 32]>,
    material: Material,
}

impl Collecting<'_> {
    /// Finds what belongs to one certificate; the answer is whom to visit next.
    fn visit(&mut self, certificate: &Certificate) -> Vec<Certificate> {
        if !self.seen.insert(certificate.fingerprint()) {
            return Vec::new();
        }
        self.material.certificates.push(certificate.clone());
        if self.anchors.contains(certificate) || certificate.is_self_signed() {
            return Vec::new();
        }
        let Some(issuer) = self.issuer(certificate) else { return Vec::new() };
        let mut next = vec![issuer.clone()];
        if certificate.has_ocsp_no_check() {
            return next;
        }
        match self.session.revocation(certificate, &issuer) {
            Ok(found) => {
                next.extend(self.signers(&found.data, &found.certificates, &issuer));
                keep(&mut self.material.revocation.crls, found.data.crls);
                keep(&mut self.material.revocation.ocsps, found.data.ocsps);
            }
            Err(error) => self.material.missing.push(error),
        }
        next
    }

    fn issuer(&mut self, certificate: &Certificate) -> Option<Certificate> {
        if let Some(found) = self.at_hand(certificate) {
            return Some(found);
        }
        match self.session.issuers(certificate) {
            Ok(found) => {
                self.add(&found);
                let issuer = self.at_hand(certificate);
                if issuer.is_none() {
                    let asked = format!("issuer of {}", certificate.common_name());
                    self.material.missing.push(Unanswered { asked, attempts: Vec::new() });
                }
                issuer
            }
            Err(error) => {
                self.material.missing.push(error);
                None
            }
        }
    }

    fn at_hand(&self, certificate: &Certificate) -> Option<Certificate> {
        let named = |one: &&Certificate| one.subject().matches(certificate.issuer()) && *one != certificate;
        // Weak or not is for the validation to judge; here it only says whose key it was.
        let signed = |one: &&Certificate| {
            matches!(certificate.verify_signature(one), Ok(()) | Err(VerifyError::Weak { .. }))
        };
        self.pool.iter().filter(named).find(signed).cloned()
    }

    /// Who signed the data, where that was not the issuer itself.
    fn signers(
        &mut self,
        data: &RevocationData,
        responders: &[Certificate],
        issuer: &Certificate,
    ) -> Vec<Certificate> {
        self.add(responders);
        let mut signers = responders.to_vec();
        for crl in data.crls.iter().filter_map(|der| Crl::from_der(der).ok()) {
            if crl.verify_signature(issuer).is_err() {
                let by = |one: &&Certificate| {
                    one.subject().matches(crl.issuer()) && crl.verify_signature(one).is_ok()
                };
                signers.extend(self.session.met().iter().chain(&self.pool).find(by).cloned());
            }
        }
        self.add(&signers);
        signers
    }

    fn add(&mut self, found: &[Certificate]) {
        for certificate in found {
            if !self.pool.contains(certificate) {
                self.pool.push(certificate.clone());
            }
        }
    }
}

fn keep(kept: &mut Vec<Vec<u8>>, more: Vec<Vec<u8>>) {
    for der in more {
        if !kept.contains(&der) {
            kept.push(der);
        }
    }
}
