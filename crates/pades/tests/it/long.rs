//! Signatures in files beyond what ten digits count, without their bytes: a source makes them up, and the same code
//! streams them.

use std::io;
use std::sync::Arc;

use pades::{
    Coverage, Credential, Indication, Level, Place, RevocationRule, SigningRequest, Sources, SubIndication,
};
use pdf::{Document, Joined, Limits, Source, XrefKind};
use testkit::pdf_samples::gapped;
use vermilion_pades as pades;

use crate::support::Pki;

const TEN_DIGITS: u64 = 10_000_000_000;

/// A file with one bit changed.
struct Flipped {
    source: Arc<dyn Source>,
    at: u64,
}

impl Source for Flipped {
    fn len(&self) -> u64 {
        self.source.len()
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        self.source.read_at(offset, buf)?;
        let at = self.at.checked_sub(offset).and_then(|at| usize::try_from(at).ok());
        if let Some(byte) = at.and_then(|at| buf.get_mut(at)) {
            *byte ^= 1;
        }
        Ok(())
    }
}

#[test]
fn a_signature_beyond_ten_digits_is_made_covers_all_and_breaks_with_any_bit() {
    let pki = Pki::new();
    let alice = pki.person("Alice", 11);
    // The file's own table has ten digits; what the signature adds lies beyond.
    let base = gapped(XrefKind::Table, TEN_DIGITS - 500);
    let document = Document::open(Arc::clone(&base), &Limits::default()).expect("it opens");
    let request = SigningRequest { place: Some(Place::invisible()), ..SigningRequest::new("long", pki.at) };
    let who = Credential { signer: &alice.key, certificate: &alice.certificate, chain: &alice.chain };
    let tail = pades::sign_to(&document, &request, who, Level::BB, &Sources::none(pki.at)).expect("signed");
    let signed: Arc<dyn Source> = Arc::new(Joined::new(base, [Arc::new(tail) as Arc<dyn Source>]));
    assert!(signed.len() > TEN_DIGITS);
    let document = Document::open(Arc::clone(&signed), &Limits::default()).expect("it opens");
    let fields = document.signatures().expect("fields");
    let range = fields[0].signature.as_ref().and_then(|one| one.byte_range.clone()).expect("a range");
    assert_eq!(u64::try_from(range[2] + range[3]), Ok(signed.len()));
    assert!(range[2] > 10_000_000_000, "{range:?}");
    let policy = pki.policy().with_revocation(RevocationRule::IfPresent);
    let report = pades::validate(&document, &policy);
    assert_eq!(report.indication, Indication::TotalPassed, "{}", report.text(pades::Lang::En));
    assert_eq!(report.signatures[0].coverage, Some(Coverage::WholeFile));
    // In the middle of the file, where nothing but the digest looks.
    let flipped = Arc::new(Flipped { source: signed, at: TEN_DIGITS / 2 });
    let report = pades::validate(&Document::open(flipped, &Limits::default()).expect("it opens"), &policy);
    assert_eq!(report.signatures[0].indication, Indication::TotalFailed);
    assert_eq!(report.signatures[0].sub_indication, Some(SubIndication::HashFailure));
}
