//! OCSP answers of the embedded authority, RFC 6960: from the issuance records. A question with a nonce, or about several
//! certificates, is answered anew; for one without, an answer that was signed ahead serves while the status is the same
//! (RFC 5019 §2.2).

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use jiff::{SignedDuration, Timestamp};
use pki::{
    Certificate, DigestAlgorithm,
    ocsp::{self, CertId, Status},
};
use store::OcspAnswer;

use super::crl::status_of;
use super::{
    AuthorityError, EmbeddedAuthority,
    hierarchy::whole_second,
    keys::{Ca, Keys},
};

/// How long an answer holds. Longer than a day would let a revocation go unseen; shorter would make the proof in signed
/// documents stale before they are first opened.
const LIFETIME: SignedDuration = SignedDuration::from_hours(24);
/// An answer that was signed ahead serves for this long, and is replaced in the second half of it.
const SERVES: SignedDuration = SignedDuration::from_hours(12);
const RENEWED: SignedDuration = SignedDuration::from_hours(6);
/// How many answers one transaction signs ahead.
const BATCH: u32 = 200;
const MOST_BYTES: usize = 16 * 1024;
const MOST_CERTIFICATES: usize = 16;

impl EmbeddedAuthority {
    /// Answers a DER OCSPRequest with a DER OCSPResponse.
    ///
    /// # Errors
    /// Where the records cannot be read or the key fails; a bad request is answered, in the protocol's own words.
    pub async fn ocsp(&self, request: &[u8]) -> Result<Vec<u8>, AuthorityError> {
        if request.len() > MOST_BYTES {
            return Ok(ocsp::failure(ocsp::Failure::MalformedRequest));
        }
        let Ok(request) = ocsp::Request::from_der(request) else {
            return Ok(ocsp::failure(ocsp::Failure::MalformedRequest));
        };
        if request.certificates().is_empty() || request.certificates().len() > MOST_CERTIFICATES {
            return Ok(ocsp::failure(ocsp::Failure::MalformedRequest));
        }
        let keys = self.keys();
        let Some(ca) = asked(&keys, &request) else {
            // RFC 6960 §2.3: the responder is not able to answer authoritatively for this issuer.
            return Ok(ocsp::failure(ocsp::Failure::Unauthorized));
        };
        match request.certificates() {
            [one] if request.nonce().is_none() => self.answer_ahead(ca, &request, one).await,
            _ => self.answer_now(ca, &request).await,
        }
    }

    /// The status of one certificate now, for the DSS.
    pub(crate) async fn ocsp_for(
        &self,
        ca: &Ca,
        certificate: &Certificate,
    ) -> Result<Vec<u8>, AuthorityError> {
        self.answer_now(ca, &ocsp::Request::new(certificate, ca.certificate(), None)).await
    }

    async fn answer_now(&self, ca: &Ca, request: &ocsp::Request) -> Result<Vec<u8>, AuthorityError> {
        let mut known: HashMap<String, Status> = HashMap::new();
        let mut reader = self.store().read().await?;
        for asked in request.certificates() {
            let serial = asked.serial().to_hex();
            let found = reader.certificate_by_serial(&serial).await?.filter(|it| is_of(&it.issuer, ca));
            known.insert(serial, status_of(found.map(|it| it.state)));
        }
        drop(reader);
        let mut status =
            |serial: &pki::Serial| known.get(&serial.to_hex()).copied().unwrap_or(Status::Unknown);
        sign(ca, request, whole_second(self.clock().now()), &mut status)
    }

    async fn answer_ahead(
        &self,
        ca: &Ca,
        request: &ocsp::Request,
        asked: &CertId,
    ) -> Result<Vec<u8>, AuthorityError> {
        let now = self.clock().now();
        let cert_id = pki::sha256(asked.der());
        let generation = match self.0.answers.get(&cert_id, now) {
            Ok(der) => return Ok(der),
            Err(generation) => generation,
        };
        let kept = self.store().read().await?.ocsp_answer(&cert_id).await?;
        if let Some(kept) = kept.filter(|it| serves(it.this_update, now)) {
            self.0.answers.keep(generation, cert_id, kept.this_update, &kept.der);
            return Ok(kept.der);
        }
        // Status and answer in one transaction, so that no revocation comes between.
        let mut tx = self.store().begin().await?;
        let serial = asked.serial().to_hex();
        let found = tx.certificate_by_serial(&serial).await?.filter(|it| is_of(&it.issuer, ca));
        let Some(found) = found else {
            drop(tx);
            // What does not exist is not kept: anyone could ask for any number.
            return sign(ca, request, whole_second(now), &mut |_| Status::Unknown);
        };
        let status = status_of(Some(found.state));
        let this_update = whole_second(now);
        let der = sign(ca, request, this_update, &mut |_| status)?;
        if status != Status::Unknown {
            let next_update = this_update + LIFETIME;
            let answer = OcspAnswer { cert_id, serial, this_update, next_update, der: der.clone() };
            tx.put_ocsp_answer(&answer).await?;
            tx.commit().await?;
        }
        Ok(der)
    }

    /// Signs answers ahead for certificates whose answer is missing or old, and gives their number.
    ///
    /// # Errors
    /// Where the records cannot be read or the key fails.
    pub async fn sign_answers_ahead(&self) -> Result<usize, AuthorityError> {
        let keys = self.keys();
        let mut signed = 0;
        for ca in &keys.cas {
            loop {
                let count = self.sign_batch(ca).await?;
                signed += count;
                if count < usize::try_from(BATCH).unwrap_or(usize::MAX) {
                    break;
                }
            }
        }
        Ok(signed)
    }

    async fn sign_batch(&self, ca: &Ca) -> Result<usize, AuthorityError> {
        let now = self.clock().now();
        let mut tx = self.store().begin().await?;
        let fresh = now - RENEWED;
        let found = tx.certificates_without_answer(&ca.id.to_string(), now, fresh, BATCH).await?;
        let count = found.len();
        for stored in found {
            let Some(der) = &stored.der else { continue };
            let certificate = Certificate::from_der(der)?;
            let asked = CertId::of(&certificate, ca.certificate(), DigestAlgorithm::Sha1);
            let request = ocsp::Request::new(&certificate, ca.certificate(), None);
            let (status, this_update) = (status_of(Some(stored.state)), whole_second(now));
            let answer = OcspAnswer {
                cert_id: pki::sha256(asked.der()),
                serial: stored.serial,
                this_update,
                next_update: this_update + LIFETIME,
                der: sign(ca, &request, this_update, &mut |_| status)?,
            };
            tx.put_ocsp_answer(&answer).await?;
        }
        tx.commit().await?;
        // The new ones serve from now on.
        if count > 0 {
            self.0.answers.forget();
        }
        Ok(count)
    }
}

/// Answers that were signed ahead, in memory: the records are asked once for each. Any change of status forgets them all,
/// and with the generation also what was read before the change and comes to be kept after it.
#[derive(Default)]
pub(super) struct Answers(RwLock<Kept>);

#[derive(Default)]
struct Kept {
    generation: u64,
    /// thisUpdate and response, by the digest of the CertID.
    answers: HashMap<[u8; 32], (Timestamp, Vec<u8>)>,
}

impl Answers {
    /// More than so many are not kept: some 30 MB.
    const MOST: usize = 20_000;

    /// The answer, or the generation in which it may be kept.
    fn get(&self, cert_id: &[u8; 32], now: Timestamp) -> Result<Vec<u8>, u64> {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        match kept.answers.get(cert_id) {
            Some((this_update, der)) if serves(*this_update, now) => Ok(der.clone()),
            _ => Err(kept.generation),
        }
    }

    fn keep(&self, generation: u64, cert_id: [u8; 32], this_update: Timestamp, der: &[u8]) {
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if kept.generation == generation {
            if kept.answers.len() >= Self::MOST {
                kept.answers.clear();
            }
            kept.answers.insert(cert_id, (this_update, der.to_vec()));
        }
    }

    pub(super) fn forget(&self) {
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        kept.generation += 1;
        kept.answers.clear();
    }
}

fn serves(this_update: Timestamp, now: Timestamp) -> bool {
    this_update <= now && now < this_update + SERVES
}

/// The CA that a request is about: that of the first certificate that we know the issuer of.
fn asked<'a>(keys: &'a Keys, request: &ocsp::Request) -> Option<&'a Ca> {
    request
        .certificates()
        .iter()
        .find_map(|asked| keys.cas.iter().find(|ca| asked.names_issuer(ca.certificate())))
}

fn is_of(issuer: &str, ca: &Ca) -> bool {
    issuer == ca.id.to_string()
}

fn sign(
    ca: &Ca,
    request: &ocsp::Request,
    this_update: Timestamp,
    status: &mut dyn FnMut(&pki::Serial) -> Status,
) -> Result<Vec<u8>, AuthorityError> {
    let responder =
        ocsp::Responder { certificate: ca.ocsp.certificate.clone(), issuer: ca.certificate().clone() };
    let next_update = this_update + LIFETIME;
    Ok(ocsp::respond(&responder, request, this_update, next_update, status, &*ca.ocsp.signer)?)
}
