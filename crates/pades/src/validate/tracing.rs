//! Collects what a validation worked with, for the report of ETSI TS 119 102-2.

use std::collections::HashMap;

use pki::path::{Evidence, Source};

use super::algorithms::Reliance;
use super::chain::{Chain, Judge};
use super::examined::Examined;
use super::integrity::Body;
use super::judge::Settled;
use super::poe::Object;
use super::time::{CONTENT, Stamp};
use crate::report::trace::{ObjectKind, ObjectTrace, RevokedTrace, SignatureTrace, Trace};
use crate::report::{Indication, StampKind};

pub(crate) fn trace(examined: &[Examined<'_>], settled: &[Option<Settled>], judge: &Judge<'_>) -> Trace {
    let mut tracer = Tracer { judge, objects: Vec::new(), known: HashMap::new() };
    let mut stamps = Vec::new();
    for (index, one) in examined.iter().enumerate() {
        stamps.push(tracer.stamps(index, one));
    }
    let proofs: Vec<(usize, usize, jiff::Timestamp)> = examined
        .iter()
        .zip(&stamps)
        .filter(|(one, _)| matches!(one.body, Ok(Body::Token(_))))
        .filter_map(|(one, stamps)| {
            let time = one.stamps.first().and_then(Stamp::proven)?;
            Some((one.revision()?, stamps.first()?.1, time))
        })
        .collect();
    let mut signatures = Vec::new();
    for ((one, settled), stamps) in examined.iter().zip(settled).zip(stamps) {
        let mut traced = tracer.signature(one, settled.as_ref());
        let covering =
            proofs.iter().filter(|(revision, ..)| one.revision().is_some_and(|own| own <= *revision));
        let covering = covering.map(|(_, object, time)| (*object, *time));
        let own = stamps.iter().filter(|(kind, ..)| *kind != StampKind::Content);
        let own = own.map(|(_, object, time)| (*object, *time));
        let proof = own.chain(covering).find(|(_, time)| Some(*time) == one.best_time);
        traced.proof = proof.map(|(object, _)| object);
        traced.stamps = stamps;
        signatures.push(traced);
    }
    Trace { at: Some(judge.policy.at), signatures, objects: tracer.objects }
}

struct Tracer<'j> {
    judge: &'j Judge<'j>,
    objects: Vec<ObjectTrace>,
    known: HashMap<Object, usize>,
}

impl Tracer<'_> {
    fn object(&mut self, object: Object, kind: ObjectKind, der: &[u8]) -> usize {
        if let Some(known) = self.known.get(&object) {
            return *known;
        }
        let index = self.objects.len();
        let poe = self.judge.poe.proved(object);
        self.objects.push(ObjectTrace { kind, der: der.to_vec(), digest: None, poe, verdict: None });
        self.known.insert(object, index);
        index
    }

    fn stamps(&mut self, index: usize, one: &Examined<'_>) -> Vec<(StampKind, usize, jiff::Timestamp)> {
        let is_document = matches!(one.body, Ok(Body::Token(_)));
        let kind = if is_document { StampKind::Document } else { StampKind::Signature };
        let own = one.stamps.iter().enumerate().map(|(number, stamp)| {
            let object = if is_document { Object::Signature(index) } else { Object::Stamp(index, number) };
            (kind, object, stamp)
        });
        let content = one.content_stamps.iter().enumerate();
        let content = content
            .map(|(number, stamp)| (StampKind::Content, Object::Stamp(index, CONTENT + number), stamp));
        let mut out = Vec::new();
        for (kind, object, stamp) in own.chain(content) {
            let Some(token) = &stamp.token else { continue };
            let traced = self.object(object, ObjectKind::TimeStamp, token.der());
            if let Some(slot) = self.objects.get_mut(traced) {
                slot.verdict = Some(verdict(stamp));
            }
            if let Some(authority) = &stamp.authority {
                self.object(Object::of_certificate(authority), ObjectKind::Certificate, authority.der());
            }
            if let Some(chain) = stamp.settled.as_ref().and_then(Settled::chain) {
                self.chain(chain);
            }
            out.push((kind, traced, token.gen_time()));
        }
        out
    }

    /// The certificates of a chain, and the data on them.
    fn chain(&mut self, chain: &Chain) -> (Vec<usize>, Vec<usize>) {
        let mut certificates = Vec::new();
        for one in chain.certificates() {
            let object = Object::of_certificate(one);
            certificates.push(self.object(object, ObjectKind::Certificate, one.der()));
        }
        let evidence: Vec<&Evidence> = chain.links.iter().flat_map(|link| &link.evidence).collect();
        let mut revocation: Vec<usize> = evidence.iter().filter_map(|one| self.evidence(one)).collect();
        revocation.sort_unstable();
        revocation.dedup();
        (certificates, revocation)
    }

    fn evidence(&mut self, evidence: &Evidence) -> Option<usize> {
        let object = Object::of_evidence(evidence.source)?;
        let material = &self.judge.material;
        match evidence.source {
            Source::Crl { index } => {
                let crl = material.crls.get(index)?.clone();
                Some(self.object(object, ObjectKind::Crl, crl.der()))
            }
            Source::Ocsp { index } => {
                let response = material.ocsps.get(index)?.clone();
                Some(self.object(object, ObjectKind::Ocsp, response.der()))
            }
            Source::NoCheck => None,
        }
    }

    fn signature(&mut self, one: &Examined<'_>, settled: Option<&Settled>) -> SignatureTrace {
        let mut traced = SignatureTrace {
            filter: one.signature.filter.clone(),
            sub_filter: one.signature.sub_filter.clone(),
            byte_range: one.signature.byte_range.clone().unwrap_or_default(),
            name: one.signature.name.clone(),
            contact: one.signature.contact_info.clone(),
            document: self.document(one),
            signer: one.integrity.as_ref().and_then(|integrity| integrity.certificate.clone()),
            ..SignatureTrace::default()
        };
        if let Some(cms) = one.cms() {
            traced.der = cms.der().to_vec();
            traced.value = cms.signature().to_vec();
            traced.message_digest = cms.message_digest().map(<[u8]>::to_vec);
            if let Some(certificate) = &traced.signer {
                let table = &self.judge.policy.algorithms;
                let Reliance { until, .. } = table
                    .of_signature(cms.signature_algorithm(), certificate.public_key_der())
                    .sooner(table.of_digest(cms.digest_algorithm()));
                traced.algorithm = Some((cms.signature_algorithm(), until));
            }
        }
        if let Some(chain) = settled.and_then(Settled::chain) {
            (traced.chain, traced.revocation) = self.chain(chain);
            traced.revoked = self.revoked(chain, &traced.chain);
        } else if let Some(certificate) = &traced.signer {
            let object = Object::of_certificate(certificate);
            self.object(object, ObjectKind::Certificate, certificate.der());
        }
        traced
    }

    /// The covered bytes, by their digest.
    fn document(&mut self, one: &Examined<'_>) -> Option<usize> {
        let (algorithm, digest) = one.digests.first()?;
        let digest = digest.clone().ok()?;
        let index = self.objects.len();
        self.objects.push(ObjectTrace {
            kind: ObjectKind::SignedData,
            der: Vec::new(),
            digest: Some((*algorithm, digest)),
            poe: one.best_time,
            verdict: None,
        });
        Some(index)
    }

    fn revoked(&mut self, chain: &Chain, certificates: &[usize]) -> Option<RevokedTrace> {
        for (link, certificate) in chain.links.iter().zip(certificates) {
            for evidence in &link.evidence {
                if let Some((at, reason)) = evidence.revoked {
                    let by = self.evidence(evidence)?;
                    return Some(RevokedTrace { certificate: *certificate, by, at, reason });
                }
            }
        }
        None
    }
}

fn verdict(stamp: &Stamp) -> (Indication, Option<crate::report::SubIndication>) {
    match stamp.settled.as_ref().map(|settled| &settled.trouble) {
        Some(None) => (Indication::TotalPassed, None),
        Some(Some(trouble)) => (trouble.indication(), Some(trouble.sub())),
        None => (Indication::TotalFailed, Some(crate::report::SubIndication::SigCryptoFailure)),
    }
}
