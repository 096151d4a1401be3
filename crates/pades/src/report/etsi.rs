//! The validation report of ETSI TS 119 102-2: its elements in the order of its schema.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use pki::{DigestAlgorithm, SignatureAlgorithm, crl};

use super::trace::{ObjectKind, ObjectTrace, SignatureTrace, Trace, Validation};
use super::xml::Element;
use super::{Indication, Lang, Level, SignatureReport, StampKind, SubIndication};

const VR: &str = "http://uri.etsi.org/19102/v1.2.1#";
const DS: &str = "http://www.w3.org/2000/09/xmldsig#";

pub(super) fn render(validation: &Validation) -> Option<String> {
    let report = validation.report();
    let trace = &validation.trace;
    if report.signatures.is_empty() {
        return None;
    }
    let none = SignatureTrace::default();
    let signatures = report.signatures.iter().enumerate().map(|(index, signature)| {
        signature_report(index, signature, trace.signatures.get(index).unwrap_or(&none), trace)
    });
    let mut root = Element::new("ValidationReport")
        .attribute("xmlns", VR)
        .attribute("xmlns:ds", DS)
        .with_all(signatures);
    if !trace.objects.is_empty() {
        let objects = trace.objects.iter().enumerate().map(|(index, one)| object(index, one, trace));
        root = root.with(Element::new("SignatureValidationObjects").with_all(objects));
    }
    Some(root.document())
}

fn signature_report(
    index: usize,
    signature: &SignatureReport,
    traced: &SignatureTrace,
    trace: &Trace,
) -> Element {
    let mut out = Element::new("SignatureValidationReport").with(identifier(index, traced));
    if let Some(at) = trace.at {
        let mut best = poe("BestSignatureTime", signature.best_time.unwrap_or(at));
        if let Some(proof) = traced.proof {
            best = best.with(reference("POEObject", &[proof]));
        }
        let info = Element::new("ValidationTimeInfo").with(Element::of("ValidationTime", at));
        out = out.with(info.with(best));
    }
    if let Some(document) = traced.document
        && let Some((algorithm, digest)) = trace.objects.get(document).and_then(|one| one.digest.as_ref())
    {
        let digest = digest_value("DigestAlgAndValue", *algorithm, digest);
        let whole = reference("SignersDocumentRepresentation", &[document]);
        out = out.with(Element::new("SignersDocument").with(digest).with(whole));
    }
    let attributes = attributes(signature, traced);
    if !attributes.is_empty() {
        out = out.with(Element::new("SignatureAttributes").with_all(attributes));
    }
    if let (Some(certificate), Some(name)) = (traced.chain.first(), &signature.signer) {
        let signer = reference("SignerCertificate", &[*certificate]);
        out = out.with(Element::new("SignerInformation").with(signer).with(Element::of("Signer", name)));
    }
    out.with(process(signature)).with(status(signature, traced))
}

/// The word that a unit variant serialises to.
fn word<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|it| it.as_str().map(str::to_owned)).unwrap_or_default()
}

fn identifier(index: usize, traced: &SignatureTrace) -> Element {
    let mut out = Element::new("SignatureIdentifier").attribute("id", format!("S-{}", index + 1));
    if !traced.der.is_empty() {
        let digest = DigestAlgorithm::Sha256.digest(&traced.der);
        out = out
            .with(digest_value("DigestAlgAndValue", DigestAlgorithm::Sha256, &digest))
            .with(Element::of("ds:SignatureValue", STANDARD.encode(&traced.value)));
    }
    out.with(Element::of("HashOnly", false)).with(Element::of("DocHashOnly", false))
}

/// The process that led to the verdict (EN 319 102-1 §5.3, §5.5, §5.6).
fn process(signature: &SignatureReport) -> Element {
    let name = match signature.level {
        Level::BLTA => "LTA",
        Level::BT | Level::BLT => "LTVM",
        Level::BB | Level::NotEtsi => "Basic",
    };
    let id = format!("urn:etsi:019102:validationprocess:{name}");
    Element::new("SignatureValidationProcess").with(Element::of("SignatureValidationProcessID", id))
}

fn status(signature: &SignatureReport, traced: &SignatureTrace) -> Element {
    let main = match signature.indication {
        Indication::TotalPassed => "total-passed",
        Indication::Indeterminate => "indeterminate",
        Indication::TotalFailed => "total-failed",
    };
    let out = indicated("SignatureValidationStatus", main, signature.sub_indication);
    let mut data = Element::new("AssociatedValidationReportData");
    if let (Some((leaf, above)), Some((anchor, between))) =
        (traced.chain.split_first(), traced.chain.split_last())
    {
        data = data.with(reference("TrustAnchor", &[*anchor]));
        let between = between.iter().skip(1).map(|one| reference("IntermediateCertificate", &[*one]));
        let mut chain = Element::new("CertificateChain")
            .with(reference("SigningCertificate", &[*leaf]))
            .with_all(between);
        if !above.is_empty() {
            chain = chain.with(reference("TrustAnchor", &[*anchor]));
        }
        data = data.with(chain);
    }
    data = data.with_all(traced.revocation.iter().map(|one| reference("RelatedValidationObject", &[*one])));
    if let Some(revoked) = &traced.revoked {
        let mut info = Element::new("RevocationStatusInformation")
            .with(reference("ValidationObjectId", &[revoked.certificate]))
            .with(Element::of("RevocationTime", revoked.at));
        if let Some(reason) = revoked.reason {
            info = info.with(Element::of("RevocationReason", revocation_reason(reason)));
        }
        data = data.with(info.with(reference("RevocationObject", &[revoked.by])));
    }
    if let (Some((algorithm, until)), Some(certificate)) = (traced.algorithm, traced.chain.first()) {
        let at = signature.best_time.or(traced.stamps.first().map(|(.., time)| *time));
        let secure = until.is_none_or(|until| at.is_none_or(|at| at < until));
        let mut crypto = Element::new("CryptoInformation")
            .with(reference("ValidationObjectId", &[*certificate]))
            .with(Element::of("Algorithm", algorithm_uri(algorithm)))
            .with(Element::of("SecureAlgorithm", secure));
        if let Some(until) = until.filter(|until| *until != Timestamp::MIN) {
            crypto = crypto.with(Element::of("NotAfter", until));
        }
        data = data.with(crypto);
    }
    let reasons = signature.reasons.iter().chain(&signature.advice).map(|reason| {
        Element::new("ReportData")
            .with(Element::of("Type", format!("urn:vermilion:reason:{}", reason.code.as_str())))
            .with(Element::of("Value", reason.text(Lang::En)))
    });
    let rules = signature.policy.iter().flat_map(|policy| &policy.rules).map(|it| {
        let (rule, condition) = (word(&it.rule), word(&it.condition).replace(' ', "-"));
        Element::new("ReportData")
            .with(Element::of("Type", format!("urn:vermilion:policy:{rule}:{condition}")))
            .with(Element::of("Value", it.reason.text(Lang::En)))
    });
    let said = Element::new("AdditionalValidationReportData").with_all(reasons).with_all(rules);
    out.with(data.with(said))
}

fn indicated(name: &'static str, main: &str, sub: Option<SubIndication>) -> Element {
    let out = Element::new(name)
        .with(Element::of("MainIndication", format!("urn:etsi:019102:mainindication:{main}")));
    let sub = sub.map(|sub| format!("urn:etsi:019102:subindication:{}", sub.as_str()));
    out.with_all(sub.map(|sub| Element::of("SubIndication", sub)))
}

fn attributes(signature: &SignatureReport, traced: &SignatureTrace) -> Vec<Element> {
    let signed = |name| Element::new(name).attribute("Signed", true);
    let mut out = Vec::new();
    let mut text = |name, element, value: Option<&String>| {
        if let Some(value) = value {
            out.push(signed(name).with(Element::of(element, value)));
        }
    };
    text("SubFilter", "SubFilterElement", traced.sub_filter.as_ref());
    text("Name", "NameElement", traced.name.as_ref());
    text("Reason", "ReasonElement", signature.reason.as_ref());
    text("ContactInfo", "ContactInfoElement", traced.contact.as_ref());
    if let Some(filter) = &traced.filter {
        out.push(Element::new("Filter").with(Element::of("Filter", filter)));
    }
    if !traced.byte_range.is_empty() {
        let numbers: Vec<String> = traced.byte_range.iter().map(ToString::to_string).collect();
        out.push(Element::of("ByteRange", numbers.join(" ")));
    }
    if let Some(time) = signature.claimed_time {
        out.push(signed("SigningTime").with(Element::of("Time", time)));
    }
    if let Some(certificate) = &traced.signer {
        let id = Element::new("CertID")
            .with(digest_method(DigestAlgorithm::Sha256))
            .with(Element::of("ds:DigestValue", STANDARD.encode(certificate.fingerprint())));
        out.push(signed("SigningCertificate").with(id));
    }
    if let Some(digest) = &traced.message_digest {
        out.push(signed("MessageDigest").with(Element::of("Digest", STANDARD.encode(digest))));
    }
    if let Some(policy) = &signature.signature_policy {
        let id = Element::of("SigPolicyId", format!("urn:oid:{}", policy.oid));
        out.push(signed("SigPolicyIdentifier").with(id));
    }
    for (kind, object, time) in &traced.stamps {
        let (name, signed) = match kind {
            StampKind::Signature => ("SignatureTimeStamp", false),
            StampKind::Content => ("AllDataObjectsTimeStamp", true),
            StampKind::Document => ("DocTimeStamp", false),
        };
        let stamp = Element::new(name).attribute("Signed", signed);
        let stamp = stamp.with(reference("AttributeObject", &[*object]));
        out.push(stamp.with(Element::of("TimeStampValue", time)));
    }
    out.sort_by_key(|element| ATTRIBUTES.iter().position(|name| *name == element.name()));
    out
}

/// The attributes in the order of the schema, which allows any.
const ATTRIBUTES: [&str; 13] = [
    "SigningTime",
    "SigningCertificate",
    "AllDataObjectsTimeStamp",
    "SigPolicyIdentifier",
    "SignatureTimeStamp",
    "MessageDigest",
    "DocTimeStamp",
    "Reason",
    "Name",
    "ContactInfo",
    "SubFilter",
    "ByteRange",
    "Filter",
];

fn object(index: usize, one: &ObjectTrace, trace: &Trace) -> Element {
    let kind = match one.kind {
        ObjectKind::Certificate => "certificate",
        ObjectKind::Crl => "CRL",
        ObjectKind::Ocsp => "OCSPResponse",
        ObjectKind::TimeStamp => "timestamp",
        ObjectKind::SignedData => "signedData",
    };
    let representation = match &one.digest {
        Some((algorithm, digest)) => digest_value("DigestAlgAndValue", *algorithm, digest),
        None => Element::of("base64", STANDARD.encode(&one.der)),
    };
    let mut out = Element::new("ValidationObject")
        .attribute("id", id(index))
        .with(Element::of("ObjectType", format!("urn:etsi:019102:validationObject:{kind}")))
        .with(Element::new("ValidationObjectRepresentation").with(representation));
    if let Some(time) = one.poe.or(trace.at) {
        out = out.with(poe("POE", time));
    }
    if let Some((indication, sub)) = &one.verdict {
        let main = match indication {
            Indication::TotalPassed => "passed",
            Indication::Indeterminate => "indeterminate",
            Indication::TotalFailed => "failed",
        };
        let status = indicated("SignatureValidationStatus", main, *sub);
        out = out.with(Element::new("ValidationReport").with(status));
    }
    out
}

/// A proof that this validation made.
fn poe(name: &'static str, time: Timestamp) -> Element {
    Element::new(name)
        .with(Element::of("POETime", time))
        .with(Element::of("TypeOfProof", "urn:etsi:019102:poetype:validation"))
}

fn id(object: usize) -> String {
    format!("O-{}", object + 1)
}

fn reference(name: &'static str, objects: &[usize]) -> Element {
    let ids: Vec<String> = objects.iter().map(|object| id(*object)).collect();
    Element::new(name).attribute("VOReference", ids.join(" "))
}

fn digest_value(name: &'static str, algorithm: DigestAlgorithm, digest: &[u8]) -> Element {
    Element::new(name)
        .with(digest_method(algorithm))
        .with(Element::of("ds:DigestValue", STANDARD.encode(digest)))
}

fn digest_method(algorithm: DigestAlgorithm) -> Element {
    let uri = match algorithm {
        DigestAlgorithm::Sha1 => "http://www.w3.org/2000/09/xmldsig#sha1",
        DigestAlgorithm::Sha256 => "http://www.w3.org/2001/04/xmlenc#sha256",
        DigestAlgorithm::Sha384 => "http://www.w3.org/2001/04/xmldsig-more#sha384",
        DigestAlgorithm::Sha512 => "http://www.w3.org/2001/04/xmlenc#sha512",
        DigestAlgorithm::Sha3_256 => "http://www.w3.org/2007/05/xmldsig-more#sha3-256",
        DigestAlgorithm::Sha3_384 => "http://www.w3.org/2007/05/xmldsig-more#sha3-384",
        DigestAlgorithm::Sha3_512 => "http://www.w3.org/2007/05/xmldsig-more#sha3-512",
    };
    Element::new("ds:DigestMethod").attribute("Algorithm", uri)
}

/// RFC 9231; where that names none, our own name for it.
fn algorithm_uri(algorithm: SignatureAlgorithm) -> String {
    use SignatureAlgorithm as S;
    let more = "http://www.w3.org/2001/04/xmldsig-more#";
    let later = "http://www.w3.org/2007/05/xmldsig-more#";
    let latest = "http://www.w3.org/2021/04/xmldsig-more#";
    match algorithm {
        S::RsaSha1 => "http://www.w3.org/2000/09/xmldsig#rsa-sha1".to_owned(),
        S::RsaSha256 => format!("{more}rsa-sha256"),
        S::RsaSha384 => format!("{more}rsa-sha384"),
        S::RsaSha512 => format!("{more}rsa-sha512"),
        S::EcdsaSha1 => format!("{more}ecdsa-sha1"),
        S::EcdsaSha256 => format!("{more}ecdsa-sha256"),
        S::EcdsaSha384 => format!("{more}ecdsa-sha384"),
        S::EcdsaSha512 => format!("{more}ecdsa-sha512"),
        S::RsaPssSha256 => format!("{later}sha256-rsa-MGF1"),
        S::RsaPssSha384 => format!("{later}sha384-rsa-MGF1"),
        S::RsaPssSha512 => format!("{later}sha512-rsa-MGF1"),
        S::RsaPss(_) => format!("{later}rsa-pss"),
        S::Ed25519 => format!("{latest}eddsa-ed25519"),
        S::EcdsaSha3_256 => format!("{latest}ecdsa-sha3-256"),
        S::EcdsaSha3_384 => format!("{latest}ecdsa-sha3-384"),
        S::EcdsaSha3_512 => format!("{latest}ecdsa-sha3-512"),
        S::RsaSha3_256 | S::RsaSha3_384 | S::RsaSha3_512 => {
            format!("urn:vermilion:algorithm:{}", algorithm.name())
        }
    }
}

fn revocation_reason(reason: crl::Reason) -> String {
    let word = serde_json::to_value(reason).ok();
    let word = word.as_ref().and_then(|word| word.as_str()).unwrap_or("unspecified");
    format!("urn:etsi:019102:revocationReason:{word}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_names() {
        assert_eq!(id(0), "O-1");
        assert!(algorithm_uri(SignatureAlgorithm::Ed25519).ends_with("eddsa-ed25519"));
        assert_eq!(
            revocation_reason(crl::Reason::KeyCompromise),
            "urn:etsi:019102:revocationReason:key-compromise"
        );
    }
}
