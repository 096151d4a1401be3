//! Who signs the files of others: a root and a person certified by it for a day.

use std::error::Error;
use std::sync::Arc;

use jiff::{Timestamp, ToSpan as _};
use pades::{LevelError, Place, PrepareError, SigningRequest};
use pdf::{Appearance, Document, OpenOptions, Rect};
use pki::ca::{Issuer, Profile, Subject, Urls, Validity, prepare_root};
use pki::{Certificate, KeyAlgorithm, Serial, Signer as _, SoftwareSigner};
use vermilion_pades as pades;

/// The field that our signature goes into.
pub(crate) const FIELD: &str = "vermilion-conformance";

pub(crate) struct Identity {
    pub(crate) root: Certificate,
    chain: Vec<Certificate>,
    certificate: Certificate,
    key: SoftwareSigner,
    at: Timestamp,
}

impl Identity {
    pub(crate) fn new() -> Result<Self, Box<dyn Error>> {
        #[expect(clippy::disallowed_methods, reason = "the judges look at the real clock")]
        let now = Timestamp::now();
        let at = Timestamp::from_second(now.as_second() - 3600)?;
        let validity = Validity { not_before: at - 1.hour(), not_after: at + 48.hours() };
        let subject = |name: &str| Subject {
            common_name: name.to_owned(),
            country: Some("CN".to_owned()),
            ..Subject::default()
        };
        let serial = |number| Serial::from_random([number; 16]);
        let key = || SoftwareSigner::generate(KeyAlgorithm::P256);
        let ((root_key, _), (key, _)) = (key()?, key()?);
        let root =
            prepare_root(&subject("Conformance Root"), root_key.public_key_der(), &serial(1), validity)?
                .issue(&root_key)?;
        let issuer = Issuer { certificate: root.clone(), chain: vec![], urls: Urls::default() };
        let (name, number) = (subject("Conformance Signer"), serial(2));
        let certificate = issuer
            .prepare(Profile::Person, &name, key.public_key_der(), &number, validity)?
            .issue(&root_key)?;
        Ok(Self { chain: vec![root.clone()], root, certificate, key, at })
    }

    /// The file with our signature in a new visible field on its first page, or why it cannot be signed.
    pub(crate) fn sign(&self, document: &Document, bytes: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
        let mut request = SigningRequest::new(FIELD, self.at);
        request.place = Some(Place { page: 0, rect: Rect::sized(20.0, 20.0, 160.0, 48.0) });
        request.appearance = Some(Appearance {
            width: 160.0,
            height: 48.0,
            content: b"q 0.8 0 0 RG 2 w 2 2 156 44 re S Q".to_vec(),
            ..Appearance::default()
        });
        let prepared = match pades::prepare_for(document, &request, &self.certificate) {
            // The place is this table's choice, and what an author permits is not what it asks about.
            Err(LevelError::Prepare(
                PrepareError::BreaksSignature { .. } | PrepareError::NotPermitted { .. },
            )) => pades::prepare(document, &request)?,
            prepared => prepared?,
        };
        let waiting =
            prepared.to_be_signed(self.certificate.clone(), self.chain.clone(), self.key.algorithm())?;
        let value = self.key.sign(waiting.bytes())?;
        Ok([bytes, &waiting.signed(value)?.finish()?].concat())
    }

    /// Whether we call our own signature intact and the file as signed.
    pub(crate) fn judge(&self, bytes: &[u8], options: &OpenOptions) -> Result<(), Box<dyn Error>> {
        let document = Document::open_with(Arc::new(bytes.to_vec()), options)?;
        let policy = pades::Policy::new(vec![self.root.clone()], self.at)
            .with_revocation(pades::RevocationRule::IfPresent);
        let report = pades::validate(&document, &policy);
        let ours =
            report.signatures.iter().find(|one| one.field == FIELD).ok_or("our signature is not found")?;
        if ours.indication == pades::Indication::TotalPassed {
            return Ok(());
        }
        let codes: Vec<&str> = ours.reasons.iter().map(|reason| reason.code.as_str()).collect();
        Err(format!("{}: {}", ours.indication.as_str(), codes.join(", ")).into())
    }
}
