//! A signature of the file with its shape read and its cryptography checked; nothing is trusted yet.

use jiff::Timestamp;
use pdf::{Document, Signature, SignatureField, Transform};
use pki::DigestAlgorithm;
use pki::cms::SignedData;

use super::format::{self, Layout};
use super::hashing::{self, Wanted};
use super::integrity::{self, Body, Integrity};
use super::judge::Settled;
use super::material::{Material, Origin};
use super::time::Stamp;
use crate::report::{Code, Kind, Reason};
use crate::sources::RevocationData;

/// A signature with its shape and its cryptography examined.
pub(crate) struct Examined<'d> {
    pub(crate) field: &'d SignatureField,
    pub(crate) signature: &'d Signature,
    pub(crate) layout: Result<Layout, Reason>,
    pub(crate) body: Result<Body, Reason>,
    /// The digests of the covered bytes: by the signature's own algorithm first, then by those of content time-stamps.
    pub(crate) digests: Vec<(DigestAlgorithm, Result<Vec<u8>, String>)>,
    /// Absent where layout or body do not allow any check.
    pub(crate) integrity: Option<Integrity>,
    /// The time-stamps on the signature value; of a document time-stamp, itself.
    pub(crate) stamps: Vec<Stamp>,
    /// The time-stamps on the content, made before signing.
    pub(crate) content_stamps: Vec<Stamp>,
    /// How a document time-stamp was judged.
    pub(crate) settled: Option<Settled>,
    /// The earliest time at which it is proved to have existed.
    pub(crate) best_time: Option<Timestamp>,
}

impl<'d> Examined<'d> {
    /// Reads the signatures and hashes the file once for all of them.
    pub(crate) fn all(
        document: &Document,
        fields: &'d [SignatureField],
        material: &mut Material,
    ) -> Vec<Self> {
        let mut all: Vec<Self> =
            fields.iter().filter_map(|field| Self::read(document, field, fields)).collect();
        for one in &all {
            one.give(material);
        }
        let wanted: Vec<(usize, Wanted)> =
            all.iter().enumerate().flat_map(|(index, one)| one.wanted().map(move |it| (index, it))).collect();
        let digests =
            hashing::digests(document, &wanted.iter().map(|(_, it)| it.clone()).collect::<Vec<_>>());
        for ((index, wanted), digest) in wanted.into_iter().zip(digests) {
            if let Some(one) = all.get_mut(index) {
                one.digests.push((wanted.algorithm, digest));
            }
        }
        for one in &mut all {
            if let (Ok(_), Ok(body), Some((_, digest))) = (&one.layout, &one.body, one.digests.first()) {
                one.integrity = Some(integrity::check(body, digest, material));
            }
        }
        all
    }

    fn read(document: &Document, field: &'d SignatureField, all: &[SignatureField]) -> Option<Self> {
        let signature = field.signature.as_ref()?;
        let shared = signature.reference.is_some()
            && all
                .iter()
                .filter_map(|other| other.signature.as_ref())
                .filter(|other| other.reference == signature.reference)
                .count()
                > 1;
        let layout = if shared {
            Err(Reason::new(Code::SignatureShared))
        } else {
            format::layout(document, signature)
        };
        Some(Self {
            field,
            signature,
            layout,
            body: integrity::body(signature),
            digests: Vec::new(),
            integrity: None,
            stamps: Vec::new(),
            content_stamps: Vec::new(),
            settled: None,
            best_time: None,
        })
    }

    fn wanted(&self) -> impl Iterator<Item = Wanted> {
        let found = match (&self.layout, &self.body) {
            (Ok(layout), Ok(body)) => Some((layout.covered.clone(), integrity::algorithms(body))),
            _ => None,
        };
        found.into_iter().flat_map(|(covered, algorithms)| {
            algorithms.into_iter().map(move |algorithm| Wanted { covered: covered.clone(), algorithm })
        })
    }

    /// Adds the certificates and revocation data that the signature carries to the material.
    fn give(&self, material: &mut Material) {
        let Some(cms) = self.cms() else { return };
        // What a document time-stamp carries lies in its own hole: only a later revision covers it.
        let carried = usize::from(matches!(self.body, Ok(Body::Token(_))));
        let revision = self.layout.as_ref().ok().map(|layout| layout.revision + carried);
        for certificate in cms.certificates() {
            material.add_certificate(certificate, revision);
        }
        if let Ok(Some(archived)) = cms.revocation_archival() {
            let origin = revision.map_or(Origin::Given, Origin::Signature);
            material.add_revocation(&RevocationData { crls: archived.crls, ocsps: archived.ocsps }, origin);
        }
        // Beside the certificates, in the hole: as with a time-stamp, only a later revision covers them.
        if let Ok(beside) = cms.embedded_revocation() {
            let origin = self.layout.as_ref().map_or(Origin::Given, |l| Origin::Signature(l.revision + 1));
            material.add_revocation(&RevocationData { crls: beside.crls, ocsps: beside.ocsps }, origin);
        }
    }

    pub(crate) fn kind(&self) -> Kind {
        let certifies =
            self.signature.references.iter().any(|one| matches!(one.transform, Transform::DocMdp(_)));
        match &self.body {
            Ok(Body::Token(_)) => Kind::DocTimestamp,
            _ if self.signature.kind.as_deref() == Some("DocTimeStamp") => Kind::DocTimestamp,
            _ if certifies => Kind::Certification,
            _ => Kind::Signature,
        }
    }

    pub(crate) fn cms(&self) -> Option<&SignedData> {
        match &self.body {
            Ok(Body::Cms(cms)) => Some(cms),
            Ok(Body::Token(token)) => Some(token.signed_data()),
            Err(_) => None,
        }
    }

    /// The revision that it closes.
    pub(crate) fn revision(&self) -> Option<usize> {
        self.layout.as_ref().ok().map(|layout| layout.revision)
    }

    /// Whether the format or the algorithm is one that is not supported: then nothing is known, good or bad.
    pub(crate) fn is_unsupported(&self) -> bool {
        let unknown_format = self.body.as_ref().is_err_and(|reason| reason.code == Code::SubFilterUnknown);
        let unknown_algorithm = self.integrity.as_ref().is_some_and(|integrity| {
            integrity.failure.as_ref().is_some_and(|(_, reason)| reason.code == Code::AlgorithmUnsupported)
        });
        self.layout.is_ok() && (unknown_format || unknown_algorithm)
    }

    pub(crate) fn is_intact(&self) -> bool {
        self.integrity.as_ref().is_some_and(Integrity::is_intact)
    }
}
