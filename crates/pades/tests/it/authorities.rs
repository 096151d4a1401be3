//! Authorities in the process: time-stamps, issuers and revocation data of the test PKI, as sources for the paved path.

use std::collections::HashSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use jiff::{Timestamp, ToSpan};
use pades::{RevocationData, SourceError, Sources, TimeStampSource, ValidationSource};
use pki::crl::{self, Reason};
use pki::ocsp::{self, Responder, Status};
use pki::tsa::{Imprint, Request, Response};
use pki::{Certificate, Serial, SoftwareSigner};
use vermilion_pades as pades;

use crate::support::Pki;

/// What the authorities answer about revocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Says {
    /// An OCSP response of a delegated responder for end entities, a CRL for CAs.
    OcspAndCrl,
    /// CRLs only.
    Crl,
    /// Nothing is known.
    Nothing,
    /// Nobody answers.
    Fails,
}

/// The authorities of a [`Pki`] at one moment.
pub(crate) struct Authorities<'a> {
    pki: &'a Pki,
    at: Timestamp,
    says: Says,
    responder: Certificate,
    responder_key: SoftwareSigner,
    revoked: Mutex<HashSet<Vec<u8>>>,
    serial: AtomicU64,
    pub(crate) stamps: AtomicUsize,
    pub(crate) asked: AtomicUsize,
}

impl<'a> Authorities<'a> {
    pub(crate) fn new(pki: &'a Pki, says: Says) -> Self {
        Self::at(pki, says, pki.at + 1.minute())
    }

    pub(crate) fn at(pki: &'a Pki, says: Says, at: Timestamp) -> Self {
        let (responder, responder_key) = pki.responder(at);
        Self {
            pki,
            at,
            says,
            responder,
            responder_key,
            revoked: Mutex::default(),
            serial: AtomicU64::new(1),
            stamps: AtomicUsize::new(0),
            asked: AtomicUsize::new(0),
        }
    }

    /// Revokes a certificate as of now.
    pub(crate) fn revoke(&self, certificate: &Certificate) {
        let serial = certificate.serial().as_bytes().to_vec();
        self.revoked.lock().expect("nobody panics with it").insert(serial);
    }

    pub(crate) fn sources(&'a self) -> Sources<'a> {
        Sources {
            time_stamps: Some(self),
            validation: Some(self),
            anchors: std::slice::from_ref(&self.pki.root),
            ..Sources::none(self.at)
        }
    }

    fn is_revoked(&self, serial: &Serial) -> bool {
        self.revoked.lock().expect("nobody panics with it").contains(serial.as_bytes())
    }

    fn crl_of(&self, issuer: &Certificate, certificate: &Certificate) -> Vec<u8> {
        let revoked: Vec<crl::Revoked> = self
            .is_revoked(certificate.serial())
            .then(|| crl::Revoked {
                serial: certificate.serial().clone(),
                at: self.at,
                reason: Reason::KeyCompromise,
            })
            .into_iter()
            .collect();
        let key = self.pki.key_of(issuer);
        let crl = crl::build(issuer, key, 7, self.at, self.at + (24 * 7).hours(), &revoked).expect("a CRL");
        crl.der().to_vec()
    }

    fn ocsp_of(&self, issuer: &Certificate, certificate: &Certificate) -> Vec<u8> {
        let responder = Responder { certificate: self.responder.clone(), issuer: issuer.clone() };
        let request = ocsp::Request::new(certificate, issuer, None);
        let mut status = |serial: &Serial| match self.is_revoked(serial) {
            true => Status::Revoked { at: self.at, reason: Some(Reason::KeyCompromise) },
            false => Status::Good,
        };
        let next = self.at + 24.hours();
        ocsp::respond(&responder, &request, self.at, next, &mut status, &self.responder_key)
            .expect("answered")
    }
}

impl TimeStampSource for Authorities<'_> {
    fn time_stamp(&self, imprint: &Imprint) -> Result<Vec<u8>, SourceError> {
        self.stamps.fetch_add(1, Ordering::SeqCst);
        let number = self.serial.fetch_add(1, Ordering::SeqCst);
        let mut serial = [7; 16];
        serial[8..].copy_from_slice(&number.to_be_bytes());
        let request = Request::new(imprint.clone(), Some([9; 16]));
        let (authority, key) = (&self.pki.authority, self.pki.authority_key());
        let reply = authority.respond(&request.to_der(), serial, self.at, key).expect("stamped");
        match Response::from_der(&reply.der).expect("a response") {
            Response::Granted(token) => Ok(token.der().to_vec()),
            Response::Rejected { .. } => Err(SourceError::new("time-stamp", "the test TSA", "rejected")),
        }
    }
}

impl ValidationSource for Authorities<'_> {
    fn issuers(&self, certificate: &Certificate) -> Result<Vec<Certificate>, SourceError> {
        if self.says == Says::Fails {
            return Err(SourceError::new("issuer", "http://ca.example", "connection refused"));
        }
        let known = [&self.pki.issuer.certificate, &self.pki.root];
        let found = known.into_iter().filter(|one| one.subject().matches(certificate.issuer()));
        Ok(found.cloned().collect())
    }

    fn revocation(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
    ) -> Result<RevocationData, SourceError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let mut data = RevocationData::default();
        match self.says {
            Says::Nothing => {}
            Says::Fails => {
                return Err(SourceError::new("revocation", "http://crl.example", "connection refused"));
            }
            Says::OcspAndCrl if !certificate.is_ca() => data.ocsps.push(self.ocsp_of(issuer, certificate)),
            Says::Crl | Says::OcspAndCrl => data.crls.push(self.crl_of(issuer, certificate)),
        }
        Ok(data)
    }
}
