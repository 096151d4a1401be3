//! Authorities in the process: time-stamps, issuers and revocation data of the test PKI, as sources for the paved path.

use std::collections::HashSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

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

    /// Answers over HTTP until `until` is set: lists at `/crl/…`, OCSP at `/ocsp/…`, as [`Pki::served_at`] names them.
    pub(crate) fn serve(&self, listener: &TcpListener, until: &AtomicBool) {
        listener.set_nonblocking(true).expect("a socket that can be told not to block");
        while !until.load(Ordering::SeqCst) {
            match listener.accept() {
                Ok((stream, _)) => {
                    self.reply(stream).unwrap_or_else(|error| eprintln!("served badly: {error}"));
                }
                Err(_) => std::thread::sleep(Duration::from_millis(5)),
            }
        }
    }

    fn reply(&self, mut stream: TcpStream) -> std::io::Result<()> {
        stream.set_nonblocking(false)?;
        let mut reader = BufReader::new(stream.try_clone()?);
        let (mut head, mut length) = (String::new(), 0);
        reader.read_line(&mut head)?;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            if line.trim().is_empty() {
                break;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        let path = head.split_whitespace().nth(1).unwrap_or_default();
        let issuer = if path.ends_with("/root") { &self.pki.root } else { &self.pki.issuer.certificate };
        let answer = match path.starts_with("/crl/") {
            true => ("application/pkix-crl", self.crl_of(issuer, issuer)),
            false => ("application/ocsp-response", self.answer(issuer, &body)),
        };
        let (kind, bytes) = answer;
        let head = format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n", bytes.len());
        stream.write_all(format!("{head}Connection: close\r\n\r\n").as_bytes())?;
        stream.write_all(&bytes)
    }

    /// Answers an OCSP request: for the issuing CA by the delegated responder, for the root by itself.
    fn answer(&self, issuer: &Certificate, request: &[u8]) -> Vec<u8> {
        let Ok(request) = ocsp::Request::from_der(request) else {
            return ocsp::failure(ocsp::Failure::MalformedRequest);
        };
        let mut status = |serial: &Serial| match self.is_revoked(serial) {
            true => Status::Revoked { at: self.at, reason: Some(Reason::KeyCompromise) },
            false => Status::Good,
        };
        let by_root = *issuer == self.pki.root;
        let certificate = if by_root { issuer.clone() } else { self.responder.clone() };
        let key = if by_root { self.pki.key_of(issuer) } else { &self.responder_key };
        let responder = Responder { certificate, issuer: issuer.clone() };
        let next = self.at + 24.hours();
        ocsp::respond(&responder, &request, self.at, next, &mut status, key).expect("answered")
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
