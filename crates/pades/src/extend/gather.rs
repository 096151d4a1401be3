//! Gathering: for every certificate of every chain its issuer and its revocation data, up to where trust begins
//! (EN 319 142-1 §5.4.2, §6.3).

use std::collections::{HashMap, HashSet};

use jiff::{SignedDuration, Timestamp};
use pki::crl::Crl;
use pki::path::{self, Budget, Need, Purpose, Revocation, Source, ValidatedPath};
use pki::{Certificate, VerifyError, ocsp};

use super::LevelError;
use super::inventory::certificates;
use crate::{Dss, RevocationData, SourceError, Sources};

/// How far the clocks of responders may be ahead of ours.
const SKEW: SignedDuration = SignedDuration::from_mins(10);

/// Certificates that one chain leads to, with the responders' and theirs.
const MAX_WALKED: usize = 64;

/// A certificate that a validation will ask about.
pub(super) struct Subject {
    pub(super) certificate: Certificate,
    pub(super) purpose: Purpose,
    /// The time for which it must hold.
    pub(super) at: Timestamp,
    /// What it is the certificate of.
    pub(super) of: String,
}

/// Certificates and revocation data at hand, as read and as they came.
#[derive(Default)]
pub(super) struct Pool {
    pub(super) certificates: Vec<Certificate>,
    crls: Vec<Crl>,
    ocsps: Vec<ocsp::Response>,
}

impl Pool {
    pub(super) fn of(material: &Dss) -> Self {
        Self {
            certificates: certificates(&material.certs),
            crls: material.crls.iter().filter_map(|der| Crl::from_der(der).ok()).collect(),
            ocsps: material.ocsps.iter().filter_map(|der| ocsp::Response::from_der(der).ok()).collect(),
        }
    }

    /// A response as it was read before, so that what was checked of it is not checked again; else read now.
    fn ocsp(&self, der: &[u8]) -> Option<ocsp::Response> {
        let known = self.ocsps.iter().find(|known| known.der() == der).cloned();
        known.or_else(|| ocsp::Response::from_der(der).ok())
    }

    /// The same for a list.
    fn crl(&self, der: &[u8]) -> Option<Crl> {
        let known = self.crls.iter().find(|known| known.der() == der).cloned();
        known.or_else(|| Crl::from_der(der).ok())
    }

    pub(super) fn add_certificates(&mut self, more: impl IntoIterator<Item = Certificate>) {
        for certificate in more {
            if !self.certificates.contains(&certificate) {
                self.certificates.push(certificate);
            }
        }
    }

    /// Validates a subject with what is here; every certificate under the anchor needs revocation data.
    pub(super) fn validate(
        &self,
        subject: &Subject,
        sources: &Sources<'_>,
    ) -> Result<ValidatedPath, LevelError> {
        let tops: Vec<Certificate>;
        let anchors = if sources.anchors.is_empty() {
            tops = self.certificates.iter().filter(|one| one.is_self_signed()).cloned().collect();
            &tops
        } else {
            sources.anchors
        };
        let now = sources.at.max(subject.at);
        let revocation = Revocation {
            crls: &self.crls,
            ocsps: &self.ocsps,
            need: Need::Required,
            now: now.checked_add(SKEW).unwrap_or(now),
        };
        path::validate(
            &subject.certificate,
            &self.certificates,
            anchors,
            subject.at,
            subject.purpose,
            &revocation,
            &mut Budget::default(),
        )
        .map_err(|error| LevelError::Path {
            certificate: subject.certificate.common_name(),
            of: subject.of.clone(),
            error,
        })
    }
}

/// Asks the sources, and keeps what they gave.
pub(super) struct Gatherer<'a> {
    sources: &'a Sources<'a>,
    pool: Pool,
    /// Answers about revocation, by the certificate's fingerprint: each certificate is asked about once.
    answers: HashMap<[u8; 32], Result<RevocationData, Option<SourceError>>>,
    bytes: usize,
}

/// What belongs to one signature.
#[derive(Default)]
struct Collected {
    material: Dss,
    seen: HashSet<[u8; 32]>,
}

impl Collected {
    fn certificate(&mut self, certificate: &Certificate) {
        if self.seen.insert(certificate.fingerprint()) {
            self.material.certs.push(certificate.der().to_vec());
        }
    }

    fn crl(&mut self, der: &[u8]) {
        if self.seen.insert(pki::sha256(der)) {
            self.material.crls.push(der.to_vec());
        }
    }

    fn ocsp(&mut self, der: &[u8]) {
        if self.seen.insert(pki::sha256(der)) {
            self.material.ocsps.push(der.to_vec());
        }
    }
}

/// Whether what the file holds may do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ask {
    /// Only where the file does not suffice.
    WhereLacking,
    /// Always: the data shall be newer than the signature.
    Always,
}

impl<'a> Gatherer<'a> {
    /// Begins with what the file holds.
    pub(super) fn new(sources: &'a Sources<'a>, stored: &Dss) -> Self {
        let mut pool = Pool::of(stored);
        pool.add_certificates(sources.anchors.iter().chain(sources.certificates).cloned());
        Self { sources, pool, answers: HashMap::new(), bytes: 0 }
    }

    pub(super) fn add_certificates(&mut self, more: impl IntoIterator<Item = Certificate>) {
        self.pool.add_certificates(more);
    }

    /// All that the subjects of one signature need.
    pub(super) fn gather(&mut self, subjects: &[Subject], ask: Ask) -> Result<Dss, LevelError> {
        let mut collected = Collected::default();
        for subject in subjects {
            if ask == Ask::WhereLacking
                && let Ok(path) = self.pool.validate(subject, self.sources)
            {
                self.keep(&path, &mut collected);
                continue;
            }
            self.walk(&subject.certificate, &mut collected, &mut HashSet::new())?;
            self.pool.validate(subject, self.sources)?;
        }
        Ok(collected.material)
    }

    /// Notes what made a path valid.
    fn keep(&self, path: &ValidatedPath, collected: &mut Collected) {
        for (certificate, status) in path.certificates().iter().zip(path.status()) {
            collected.certificate(certificate);
            match status {
                Some(Source::Crl { index }) => {
                    self.pool.crls.get(*index).iter().for_each(|crl| collected.crl(crl.der()));
                }
                Some(Source::Ocsp { index }) => {
                    if let Some(response) = self.pool.ocsps.get(*index) {
                        collected.ocsp(response.der());
                        response.certificates().iter().for_each(|one| collected.certificate(one));
                    }
                }
                Some(Source::NoCheck) | None => {}
            }
        }
    }

    /// Walks from a certificate up to where trust begins.
    fn walk(
        &mut self,
        leaf: &Certificate,
        collected: &mut Collected,
        walked: &mut HashSet<[u8; 32]>,
    ) -> Result<(), LevelError> {
        let mut certificate = leaf.clone();
        loop {
            collected.certificate(&certificate);
            if !walked.insert(certificate.fingerprint()) || self.ends_at(&certificate) {
                return Ok(());
            }
            if walked.len() > MAX_WALKED {
                return Err(LevelError::Budget("certificates"));
            }
            let issuer = self.issuer(&certificate)?;
            self.revocation(&certificate, &issuer, collected, walked)?;
            certificate = issuer;
        }
    }

    fn ends_at(&self, certificate: &Certificate) -> bool {
        self.sources.anchors.contains(certificate) || certificate.is_self_signed()
    }

    /// The issuer: from what is at hand, anchors first, or from the source.
    fn issuer(&mut self, certificate: &Certificate) -> Result<Certificate, LevelError> {
        if let Some(found) = self.issuer_at_hand(certificate) {
            return Ok(found);
        }
        let mut why = None;
        if let Some(source) = self.sources.validation {
            match source.issuers(certificate) {
                Ok(found) => {
                    self.spend(found.iter().map(|one| one.der().len()).sum())?;
                    self.pool.add_certificates(found);
                }
                Err(error) => why = Some(error),
            }
        }
        self.issuer_at_hand(certificate).ok_or_else(|| LevelError::Issuer {
            certificate: certificate.common_name(),
            issuer: certificate.issuer().to_string(),
            why,
        })
    }

    fn issuer_at_hand(&self, certificate: &Certificate) -> Option<Certificate> {
        let named = |one: &&Certificate| one.subject().matches(certificate.issuer()) && *one != certificate;
        let at_hand = self.sources.anchors.iter().chain(&self.pool.certificates);
        // Weak or not is for the validation to judge; here it only says whose key it was.
        let signed = |one: &&Certificate| {
            matches!(certificate.verify_signature(one), Ok(()) | Err(VerifyError::Weak { .. }))
        };
        at_hand.filter(named).find(signed).cloned()
    }

    /// Revocation data of one certificate, with the chains of those who signed it.
    fn revocation(
        &mut self,
        certificate: &Certificate,
        issuer: &Certificate,
        collected: &mut Collected,
        walked: &mut HashSet<[u8; 32]>,
    ) -> Result<(), LevelError> {
        // RFC 6960 §4.2.2.2.1: of a responder with this extension nobody asks.
        if certificate.has_ocsp_no_check() {
            return Ok(());
        }
        let answer = self.answer(certificate, issuer)?;
        let given = answer.as_ref().ok().cloned().unwrap_or_default();
        let mut found = 0;
        for response in given.ocsps.iter().filter_map(|der| self.pool.ocsp(der)).collect::<Vec<_>>() {
            found += usize::from(self.take_ocsp(&response, certificate, issuer, collected, walked)?);
        }
        for crl in given.crls.iter().filter_map(|der| self.pool.crl(der)).collect::<Vec<_>>() {
            found += usize::from(self.take_crl(&crl, certificate, issuer, collected, walked)?);
        }
        if found == 0 {
            found = self.fall_back(certificate, issuer, collected, walked)?;
        }
        if found > 0 {
            return Ok(());
        }
        Err(LevelError::Revocation {
            certificate: certificate.common_name(),
            issuer: issuer.common_name(),
            why: answer.err().flatten(),
        })
    }

    /// Asks the source, once for each certificate; `Err(None)` where there is no source.
    fn answer(
        &mut self,
        certificate: &Certificate,
        issuer: &Certificate,
    ) -> Result<Result<RevocationData, Option<SourceError>>, LevelError> {
        let key = certificate.fingerprint();
        if let Some(known) = self.answers.get(&key) {
            return Ok(known.clone());
        }
        if self.answers.len() >= self.sources.budget.certificates {
            return Err(LevelError::Budget("certificates"));
        }
        let answer = match self.sources.validation {
            Some(source) => source.revocation(certificate, issuer).map_err(Some),
            None => Err(None),
        };
        if let Ok(data) = &answer {
            self.spend(data.crls.iter().chain(&data.ocsps).map(Vec::len).sum())?;
        }
        self.answers.insert(key, answer.clone());
        Ok(answer)
    }

    fn spend(&mut self, bytes: usize) -> Result<(), LevelError> {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > self.sources.budget.bytes { Err(LevelError::Budget("bytes")) } else { Ok(()) }
    }

    /// What the file holds on a certificate where the source gives nothing; how many items that is.
    fn fall_back(
        &mut self,
        certificate: &Certificate,
        issuer: &Certificate,
        collected: &mut Collected,
        walked: &mut HashSet<[u8; 32]>,
    ) -> Result<usize, LevelError> {
        let mut found = 0;
        for response in self.pool.ocsps.clone() {
            found += usize::from(self.take_ocsp(&response, certificate, issuer, collected, walked)?);
        }
        for crl in self.pool.crls.clone() {
            found += usize::from(self.take_crl(&crl, certificate, issuer, collected, walked)?);
        }
        Ok(found)
    }

    /// Takes a response that speaks of the certificate; whether it does.
    fn take_ocsp(
        &mut self,
        response: &ocsp::Response,
        certificate: &Certificate,
        issuer: &Certificate,
        collected: &mut Collected,
        walked: &mut HashSet<[u8; 32]>,
    ) -> Result<bool, LevelError> {
        if !response.responses().iter().any(|single| single.certificate.names(certificate, issuer)) {
            return Ok(false);
        }
        let responder = std::iter::once(issuer)
            .chain(response.certificates())
            .chain(&self.pool.certificates)
            .find(|one| response.is_by(one) && response.verify_signature(one).is_ok())
            .cloned();
        let Some(responder) = responder else { return Ok(false) };
        collected.ocsp(response.der());
        if !self.pool.ocsps.iter().any(|known| known.der() == response.der()) {
            self.pool.ocsps.push(response.clone());
        }
        if responder != *issuer {
            self.pool.add_certificates([responder.clone()]);
            self.walk(&responder, collected, walked)?;
        }
        Ok(true)
    }

    /// Takes a list by the certificate's issuer; whether it is one.
    fn take_crl(
        &mut self,
        crl: &Crl,
        certificate: &Certificate,
        issuer: &Certificate,
        collected: &mut Collected,
        walked: &mut HashSet<[u8; 32]>,
    ) -> Result<bool, LevelError> {
        if !crl.issuer().matches(certificate.issuer()) {
            return Ok(false);
        }
        let signer = std::iter::once(issuer)
            .chain(&self.pool.certificates)
            .find(|one| one.subject().matches(crl.issuer()) && crl.verify_signature(one).is_ok())
            .cloned();
        let Some(signer) = signer else { return Ok(false) };
        collected.crl(crl.der());
        if !self.pool.crls.iter().any(|known| known.der() == crl.der()) {
            self.pool.crls.push(crl.clone());
        }
        if signer != *issuer {
            self.walk(&signer, collected, walked)?;
        }
        Ok(true)
    }
}
