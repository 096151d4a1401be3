//! What forms ask of signatures: seed values, locks, certification, fields in every shape.

use pades::{ChangesAfter, Level, LevelError, PrepareError, SignError, SigningRequest};
use pdf::new::Builder;
use pdf::{Dict, DocMdp, FieldLock, LockAction, Object, Rect, Ref, Transform, XrefKind};
use pki::cms::{SignaturePolicy, SignedData};
use pki::{DigestAlgorithm, Signer};
use vermilion_pades as pades;

use crate::authorities::{Authorities, Says};
use crate::levels::credential;
use crate::support::{Pki, Stamped, assert_first_permits, joined, judge, open, request, sample, sent, sign};

const A4: Rect = Rect { x0: 0.0, y0: 0.0, x1: 595.0, y1: 842.0 };

/// A document with one page whose form is what `fields` makes.
fn form(fields: impl FnOnce(&mut Builder, Ref) -> (Vec<Ref>, Vec<Ref>)) -> Vec<u8> {
    let mut builder = Builder::new(XrefKind::Table);
    let page = builder.text_page(A4, &["A form"]);
    let (roots, widgets) = fields(&mut builder, page);
    let list = |refs: Vec<Ref>| refs.into_iter().map(Object::from).collect::<Vec<_>>();
    if let Some(page) = builder.page_mut(page) {
        page.set("Annots", list(widgets));
    }
    let form = builder.add(Dict::new().with("Fields", list(roots)));
    builder.catalog().set("AcroForm", form);
    builder.finish()
}

fn widget(page: Ref, y: f64) -> Dict {
    Dict::new()
        .with("Type", Object::name("Annot"))
        .with("Subtype", Object::name("Widget"))
        .with("Rect", Object::rect(Rect::sized(100.0, y, 160.0, 48.0)))
        .with("P", page)
        .with("F", 132)
}

fn field(page: Ref, name: &str, y: f64) -> Dict {
    widget(page, y).with("FT", Object::name("Sig")).with("T", Object::text(name))
}

/// A document with a signature field “seller” that has these entries besides.
pub(crate) fn with_entry(key: &'static str, entry: impl Into<Object>) -> Vec<u8> {
    form(|builder, page| {
        let entry = builder.add(entry);
        let field = builder.add(field(page, "seller", 400.0).with(key, entry));
        let other = builder.add(self::field(page, "buyer", 500.0));
        (vec![field, other], vec![field, other])
    })
}

pub(crate) fn seeded(seed: Dict) -> Vec<u8> {
    with_entry("SV", seed)
}

pub(crate) fn names(names: &[&'static str]) -> Vec<Object> {
    names.iter().map(|name| Object::name(*name)).collect()
}

pub(crate) fn texts(texts: &[&str]) -> Vec<Object> {
    texts.iter().map(|text| Object::text(text)).collect()
}

pub(crate) fn ask(pki: &Pki) -> SigningRequest {
    SigningRequest::new("seller", pki.at)
}

/// What refuses the signature; `None` where it is made.
fn refusal(file: &[u8], wanted: &SigningRequest) -> Option<String> {
    match pades::prepare(&open(file), wanted) {
        Ok(_) => None,
        Err(PrepareError::SeedValue { field, what }) => {
            assert_eq!(field, "seller");
            Some(what)
        }
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn what_a_seed_value_requires_is_met_or_refused() {
    let pki = Pki::new();
    let plain = ask(&pki);
    let reasoned = SigningRequest { reason: Some("I agree".to_owned()), ..plain.clone() };
    let strong = SigningRequest { digest: DigestAlgorithm::Sha512, ..plain.clone() };
    let certified = SigningRequest { certify: Some(DocMdp::FillForms), ..plain.clone() };
    let named = SigningRequest { appearance_name: Some("Company".to_owned()), ..plain.clone() };
    let seed = || Dict::new().with("Type", Object::name("SV"));
    let mdp = |p: i64| seed().with("MDP", Dict::new().with("P", p));
    let filter = |name: &'static str, flags: i64| seed().with("Filter", Object::name(name)).with("Ff", flags);
    let encoding = |one: &'static str| seed().with("SubFilter", names(&[one])).with("Ff", 2);
    let reasons = |all: &[&str]| seed().with("Reasons", texts(all)).with("Ff", 8);
    let digests = |all: &[&'static str]| seed().with("DigestMethod", texts(all)).with("Ff", 64);
    let version = |version: i64| seed().with("V", version).with("Ff", 4);
    let appearance = || seed().with("AppearanceFilter", Object::text("Company")).with("Ff", 256);
    let cases: Vec<(&str, Dict, &SigningRequest, Option<&str>)> = vec![
        ("a handler", filter("Adobe.PPKLite", 1), &plain, None),
        ("another handler", filter("Other.Handler", 1), &plain, Some("the handler Other.Handler")),
        ("another handler, suggested", filter("Other.Handler", 0), &plain, None),
        ("PAdES", encoding("ETSI.CAdES.detached"), &plain, None),
        ("no PAdES", encoding("adbe.pkcs7.sha1"), &plain, Some("none of which is PAdES")),
        ("a reason of two", reasons(&["I agree", "I saw it"]), &reasoned, None),
        ("no reason of two", reasons(&["I agree", "I saw it"]), &plain, Some("one of the reasons")),
        ("the only reason", reasons(&["I agree"]), &plain, None),
        ("no reason at all", reasons(&["."]), &reasoned, Some("no reason")),
        ("a hash function", digests(&["SHA256", "SHA512"]), &plain, None),
        ("a stronger one", digests(&["SHA512"]), &plain, Some("not SHA256")),
        ("the stronger one", digests(&["SHA512"]), &strong, None),
        ("PDF 2.0", version(3), &plain, None),
        ("the future", version(4), &plain, Some("version 4")),
        ("approval", mdp(0), &plain, None),
        ("approval, not certification", mdp(0), &certified, Some("an approval signature")),
        ("certification", mdp(2), &certified, None),
        ("another certification", mdp(3), &certified, Some("P 3, not 2")),
        ("an appearance", appearance(), &plain, Some("“Company”")),
        ("the appearance", appearance(), &named, None),
    ];
    for (name, seed, wanted, expected) in cases {
        let said = refusal(&seeded(seed), wanted);
        match (said, expected) {
            (None, None) => {}
            (Some(said), Some(part)) if said.contains(part) => {}
            (said, expected) => panic!("{name}: {said:?}, not {expected:?}"),
        }
    }
}

#[test]
fn what_a_seed_value_suggests_is_taken_up() {
    let pki = Pki::new();
    let alice = pki.person("Alice", 11);
    let seed = Dict::new()
        .with("Reasons", texts(&["I agree"]))
        .with("MDP", Dict::new().with("P", 2))
        .with("LegalAttestation", texts(&["No hidden content."]))
        .with("LockDocument", Object::name("true"))
        .with("Ff", 8 | 16 | 128);
    let file = sign(&pki, &seeded(seed), &ask(&pki), &alice, Stamped::No);
    let document = open(&file);
    assert_eq!(document.certification().expect("readable"), Some(DocMdp::FillForms));
    let signature = document.signatures().expect("fields").remove(0).signature.expect("signed");
    assert_eq!(signature.reason.as_deref(), Some("I agree"));
    let locked = signature.references.iter().any(|reference| {
        matches!(&reference.transform, Transform::FieldMdp(lock)
            if lock.action == LockAction::All && lock.permission == Some(DocMdp::NoChanges))
    });
    assert!(locked, "{:?}", signature.references);
    // Table 236: programs that know nothing of /P in a transform find it in the field.
    let own = document.signatures().expect("fields").remove(0).lock.expect("a lock");
    assert_eq!((own.action, own.permission), (LockAction::All, Some(DocMdp::NoChanges)));
    let legal = document.value(&document.catalog().expect("a catalog"), "Legal").expect("readable");
    let attestation = legal.as_dict().and_then(|legal| legal.value("Attestation").as_text());
    assert_eq!(attestation.as_deref(), Some("No hidden content."));
    let buyer = SigningRequest::new("buyer", pki.at);
    assert!(matches!(pades::prepare(&document, &buyer), Err(PrepareError::LockedAgainstChanges)));
}

#[test]
fn a_seed_value_on_the_certificate_holds_when_the_signer_is_known() {
    let pki = Pki::new();
    let (alice, bob) = (pki.person("Alice", 11), pki.person("Bob", 12));
    let cert = |key: &'static str, value: Object, flag: i64| {
        seeded(Dict::new().with("Cert", Dict::new().with(key, value).with("Ff", flag)))
    };
    let der = |bytes: &[u8]| Object::Array(vec![Object::string(bytes.to_vec())]);
    let cases = [
        ("subject", cert("Subject", der(alice.certificate.der()), 1), true, false),
        ("issuer", cert("Issuer", der(pki.root.der()), 2), true, true),
        ("another issuer", cert("Issuer", der(Pki::new().root.der()), 2), false, false),
        ("policy", cert("OID", Object::Array(texts(&["1.2.3.4.5"])), 4), false, false),
        (
            "name",
            cert("SubjectDN", Object::Array(vec![Dict::new().with("CN", Object::text("Bob")).into()]), 8),
            false,
            true,
        ),
        ("usage", cert("KeyUsage", Object::Array(texts(&["11"])), 32), true, true),
        ("another usage", cert("KeyUsage", Object::Array(texts(&["0"])), 32), false, false),
        ("suggested subject", cert("Subject", der(alice.certificate.der()), 0), true, true),
    ];
    for (name, file, for_alice, for_bob) in cases {
        for (who, accepted) in [(&alice, for_alice), (&bob, for_bob)] {
            let prepared = pades::prepare(&open(&file), &ask(&pki)).expect("prepared");
            let json = serde_json::to_string(&prepared).expect("it serialises");
            let prepared: pades::Prepared = serde_json::from_str(&json).expect("it reads");
            let waiting =
                prepared.to_be_signed(who.certificate.clone(), who.chain.clone(), who.key.algorithm());
            match (waiting, accepted) {
                (Ok(_), true) | (Err(SignError::SeedValue { .. }), false) => {}
                (other, _) => panic!("{name}, {}: {other:?}", who.certificate.common_name()),
            }
        }
    }
}

#[test]
fn a_required_time_stamp_or_revocation_data_sets_the_least_level() {
    let pki = Pki::new();
    let authorities = Authorities::new(&pki, Says::OcspAndCrl);
    let alice = pki.person("Alice", 11);
    let stamp = Dict::new().with("URL", Object::string("http://tsa.example")).with("Ff", 1);
    let timed = seeded(Dict::new().with("TimeStamp", stamp));
    let proved = seeded(Dict::new().with("AddRevInfo", true).with("Ff", 32));
    let attempt = |file: &[u8], level| {
        pades::sign_to(&open(file), &ask(&pki), credential(&alice), level, &authorities.sources()).err()
    };
    match attempt(&timed, Level::BB) {
        Some(LevelError::Sign(SignError::TimeStampWanted { field, url })) => {
            assert_eq!((field.as_str(), url.as_deref()), ("seller", Some("http://tsa.example")));
        }
        other => panic!("{other:?}"),
    }
    assert!(attempt(&timed, Level::BT).is_none());
    assert!(matches!(attempt(&proved, Level::BT), Some(LevelError::SeedValue { .. })));
    assert!(attempt(&proved, Level::BLT).is_none());
}

#[test]
fn a_fields_lock_becomes_the_signatures_and_is_heeded() {
    let pki = Pki::new();
    let (alice, bob) = (pki.person("Alice", 11), pki.person("Bob", 12));
    let lock = |action: &'static str, fields: &[&str], p: Option<i64>| {
        let mut lock = Dict::new()
            .with("Type", Object::name("SigFieldLock"))
            .with("Action", Object::name(action))
            .with("Fields", texts(fields));
        if let Some(p) = p {
            lock.set("P", p);
        }
        with_entry("Lock", lock)
    };
    let cases = [
        ("all", lock("All", &[], None), Some("locks field")),
        ("this one", lock("Include", &["buyer"], None), Some("locks field")),
        ("another", lock("Include", &["other"], None), None),
        ("all but this one", lock("Exclude", &["buyer"], None), None),
        ("everything but it", lock("Exclude", &["seller"], None), Some("locks field")),
        ("the document", lock("Include", &["other"], Some(1)), Some("locks the document")),
        ("the document for forms", lock("Include", &["other"], Some(2)), None),
    ];
    for (name, file, refused) in cases {
        let file = sign(&pki, &file, &ask(&pki), &alice, Stamped::No);
        let catalog = open(&file).catalog_ref();
        let signature = open(&file).signatures().expect("fields").remove(0).signature.expect("signed");
        assert_eq!(signature.references[0].data, Some(catalog), "{name}");
        let wanted = SigningRequest::new("buyer", pki.at);
        match (pades::prepare(&open(&file), &wanted), refused) {
            (Err(error), Some(part)) => assert!(error.to_string().contains(part), "{name}: {error}"),
            (Ok(_), None) => {
                let report = judge(&pki, &sign(&pki, &file, &wanted, &bob, Stamped::No));
                let first = &report.signatures[0];
                assert_eq!(first.changes_after, ChangesAfter::Permitted, "{name}: {:?}", first.changes);
            }
            (other, _) => panic!("{name}: {other:?}"),
        }
    }
}

#[test]
fn a_lock_may_come_with_the_signature() {
    let pki = Pki::new();
    let alice = pki.person("Alice", 11);
    let lock = FieldLock { action: LockAction::Include, fields: vec!["city".to_owned()], permission: None };
    let wanted = SigningRequest {
        place: Some(pades::Place::invisible()),
        lock: Some(lock.clone()),
        ..SigningRequest::new("locking", pki.at)
    };
    let file = sign(&pki, &sent(XrefKind::Table), &wanted, &alice, Stamped::No);
    let fields = open(&file).signatures().expect("fields");
    let made = fields.iter().find(|field| field.field.name == "locking").expect("the field");
    assert_eq!(made.lock.as_ref(), Some(&lock));
    let mut filling = request("alice", pki.at);
    filling.fills = vec![pades::Fill {
        field: "city".to_owned(),
        text: "Here".to_owned(),
        appearance: crate::support::look("0 0 0"),
    }];
    assert!(matches!(pades::prepare(&open(&file), &filling), Err(PrepareError::FieldLocked { .. })));
    let own = with_entry("Lock", Dict::new().with("Action", Object::name("All")));
    let other = SigningRequest { lock: Some(lock), ..ask(&pki) };
    assert!(matches!(pades::prepare(&open(&own), &other), Err(PrepareError::OtherLock { .. })));
}

#[test]
fn fields_in_trees_and_with_several_widgets_are_signed_by_name() {
    let pki = Pki::new();
    let alice = pki.person("Alice", 11);
    let nested = form(|builder, page| {
        let (top, middle) = (builder.allocate(), builder.allocate());
        let leaf =
            builder.add(widget(page, 400.0).with("T", Object::text("signature")).with("Parent", middle));
        builder.put(
            middle,
            Dict::new()
                .with("T", Object::text("seller"))
                .with("FT", Object::name("Sig"))
                .with("Parent", top)
                .with("Kids", vec![Object::from(leaf)]),
        );
        builder.put(
            top,
            Dict::new().with("T", Object::text("contract")).with("Kids", vec![Object::from(middle)]),
        );
        (vec![top], vec![leaf])
    });
    let shared = form(|builder, page| {
        let field = builder.allocate();
        let widgets =
            [300.0, 400.0, 500.0].map(|y| builder.add(widget(page, y).with("Parent", field))).to_vec();
        builder.put(
            field,
            Dict::new()
                .with("T", Object::text("everywhere"))
                .with("FT", Object::name("Sig"))
                .with("Kids", widgets.iter().map(|one| Object::from(*one)).collect::<Vec<_>>()),
        );
        (vec![field], widgets)
    });
    for (name, file, looks) in [("contract.seller.signature", nested, 1), ("everywhere", shared, 3)] {
        let file = sign(&pki, &file, &request(name, pki.at), &alice, Stamped::No);
        let report = judge(&pki, &file);
        assert_eq!(report.signatures[0].field, name);
        assert_eq!(report.signatures[0].level, Level::BB, "{:?}", report.signatures[0].reasons);
        let fields = open(&file).form().expect("a form").fields;
        let shown = fields[0].widgets.iter().filter(|widget| widget.dict.contains("AP")).count();
        assert_eq!(shown, looks);
    }
}

#[test]
fn a_policy_makes_an_epes_and_leaves_no_room_for_a_reason() {
    let pki = Pki::new();
    let alice = pki.person("Alice", 11);
    let policy = SignaturePolicy {
        oid: "1.3.6.1.4.1.99999.7".to_owned(),
        digest_algorithm: DigestAlgorithm::Sha256,
        digest: DigestAlgorithm::Sha256.digest(b"the policy"),
        uri: Some("https://policy.example/1".to_owned()),
    };
    let mut wanted = request("alice", pki.at);
    wanted.policy = Some(policy.clone());
    let file = sign(&pki, &sent(XrefKind::Table), &wanted, &alice, Stamped::Yes);
    let signature = open(&file).signatures().expect("fields").remove(0).signature.expect("signed");
    let cms = SignedData::from_contents(signature.contents.as_deref().expect("contents")).expect("a CMS");
    assert_eq!(cms.signature_policy().expect("readable"), Some(policy));
    assert_eq!(judge(&pki, &file).signatures[0].level, Level::BT);
    wanted.reason = Some("I agree".to_owned());
    let refused = pades::prepare(&open(&sent(XrefKind::Table)), &wanted);
    assert!(matches!(refused, Err(PrepareError::Policy { .. })), "{refused:?}");
    // A field may bring the policy along.
    let cert = Dict::new()
        .with("SignaturePolicyOID", Object::string("1.2.3.4"))
        .with("SignaturePolicyHashAlgorithm", Object::name("SHA256"))
        .with("SignaturePolicyHashValue", Object::string(vec![7; 32]));
    let file = sign(&pki, &seeded(Dict::new().with("Cert", cert)), &ask(&pki), &alice, Stamped::No);
    let signature = open(&file).signatures().expect("fields").remove(0).signature.expect("signed");
    let cms = SignedData::from_contents(signature.contents.as_deref().expect("contents")).expect("a CMS");
    assert_eq!(
        cms.signature_policy().expect("readable").map(|policy| policy.oid),
        Some("1.2.3.4".to_owned())
    );
}

#[test]
fn a_certification_keeps_other_permissions_and_comes_first() {
    let pki = Pki::new();
    let alice = pki.person("Alice", 11);
    let authorities = Authorities::new(&pki, Says::Crl);
    for permission in [DocMdp::NoChanges, DocMdp::FillForms, DocMdp::Annotate] {
        let wanted = SigningRequest {
            place: Some(pades::Place::invisible()),
            certify: Some(permission),
            ..SigningRequest::new("certified", pki.at)
        };
        let file = sign(&pki, &sample(XrefKind::Table, 1), &wanted, &alice, Stamped::Yes);
        assert_eq!(open(&file).certification().expect("readable"), Some(permission));
        let tail = pades::extend_to(&open(&file), Level::BLTA, &authorities.sources()).expect("extended");
        let report = judge(&pki, &joined(&file, &tail));
        assert_eq!(report.signatures[0].kind, pades::Kind::Certification);
        assert_eq!(report.signatures[0].level, Level::BLTA);
        assert_first_permits(&report);
    }
    let stamped = sample(XrefKind::Table, 1);
    let tail = pades::time_stamp_document(&open(&stamped), &authorities.sources()).expect("stamped");
    let wanted = SigningRequest {
        place: Some(pades::Place::invisible()),
        certify: Some(DocMdp::FillForms),
        ..SigningRequest::new("late", pki.at)
    };
    let refused = pades::prepare(&open(&joined(&stamped, &tail)), &wanted);
    assert!(matches!(refused, Err(PrepareError::CertificationNotFirst)), "{refused:?}");
}
