//! Every profile under the CA that may issue it, judged by OpenSSL and by an independent linter (pkilint).
use std::fmt::Write as _;

use jiff::SignedDuration;
use vermilion_pki::ca::{CertificationRequest, Issuer, LintError, Profile, Subject, Validity};
use vermilion_pki::crl::{self, Reason, Revoked};
use vermilion_pki::ocsp::{self, Responder, Status};
use vermilion_pki::{Certificate, KeyAlgorithm, Serial, Signer, SoftwareSigner};

use crate::world::*;

/// Which CA issues which profiles.
const HIERARCHY: [(Profile, &[Profile]); 3] = [
    (Profile::IssuingPerson, &[Profile::Person, Profile::PersonEvent, Profile::OcspResponder]),
    (
        Profile::IssuingOrganization,
        &[
            Profile::Organization,
            Profile::OrganizationEvent,
            Profile::Agent,
            Profile::AgentEvent,
            Profile::OcspResponder,
        ],
    ),
    (
        Profile::IssuingServices,
        &[Profile::TimeStamping, Profile::Log, Profile::Platform, Profile::OcspResponder],
    ),
];

fn key() -> SoftwareSigner {
    SoftwareSigner::generate(KeyAlgorithm::P256).expect("generates").0
}

fn who(profile: Profile) -> Subject {
    let organization = matches!(
        profile,
        Profile::Organization | Profile::OrganizationEvent | Profile::Agent | Profile::AgentEvent
    );
    Subject {
        common_name: format!("{profile:?} 陈晓明"),
        organization: organization.then(|| "朱砂科技有限公司".to_owned()),
        organization_identifier: organization.then(|| "NTRCN-91110000600037341L".to_owned()),
        country: Some("CN".to_owned()),
        serial_number: Some("per-abcdefgh".to_owned()),
    }
}

fn validity(profile: Profile) -> Validity {
    let length = match profile {
        it if it.is_ca() => days(5000),
        it if it.is_event() => days(1),
        _ => days(300),
    };
    let not_before = now() - SignedDuration::from_hours(1);
    Validity { not_before, not_after: not_before + length }
}

struct Under {
    issuer: Issuer,
    key: SoftwareSigner,
}

/// A CA of `profile` under the root of the world.
fn under(world: &World, profile: Profile, n: u8) -> Under {
    let root = Issuer { certificate: world.root.certificate.clone(), chain: vec![], urls: urls() };
    let key = key();
    let token = root
        .prepare(
            profile,
            &subject(&format!("{profile:?} CA")),
            key.public_key_der(),
            &serial(n),
            validity(profile),
        )
        .expect("lints");
    let certificate = token.issue(&world.root.key).expect("issues");
    Under { issuer: Issuer { certificate, chain: vec![world.root.certificate.clone()], urls: urls() }, key }
}

fn leaf(under: &Under, profile: Profile, n: u8) -> Certificate {
    let key = key();
    let token = under
        .issuer
        .prepare(profile, &who(profile), key.public_key_der(), &serial(n), validity(profile))
        .expect("lints");
    token.issue(&under.key).expect("issues")
}

#[test]
fn openssl_accepts_every_profile_under_its_ca() {
    let Some(openssl) = OpenSsl::new() else { return };
    let world = World::new();
    openssl.write("root.pem", world.root.certificate.to_pem());
    let time = now().as_second();
    for (n, (ca, leaves)) in (20u8..).zip(HIERARCHY) {
        let under = under(&world, ca, n);
        openssl.write("issuing.pem", under.issuer.certificate.to_pem());
        for (m, profile) in (40 + n..).step_by(8).zip(leaves) {
            openssl.write("leaf.pem", leaf(&under, *profile, m).to_pem());
            let purpose = match profile {
                Profile::TimeStamping => "timestampsign",
                Profile::OcspResponder => "ocsphelper",
                _ => "any",
            };
            openssl.accepts(&format!(
                "verify -x509_strict -policy_check -attime {time} -CAfile root.pem -untrusted issuing.pem -purpose {purpose} leaf.pem"
            ));
            if *profile != Profile::OcspResponder {
                // RFC 5280 §6.1: with an explicit policy asked for, the path keeps the leaf's own.
                let text = openssl.accepts("x509 -in leaf.pem -noout -ext certificatePolicies");
                let policy = text.split("Policy: ").nth(1).expect("a policy").trim().to_owned();
                openssl.accepts(&format!(
                    "verify -x509_strict -policy {policy} -explicit_policy -attime {time} -CAfile root.pem -untrusted issuing.pem -purpose {purpose} leaf.pem"
                ));
                openssl.refuses(&format!(
                    "verify -policy 1.3.6.1.4.1.99999.1.77 -explicit_policy -attime {time} -CAfile root.pem -untrusted issuing.pem -purpose {purpose} leaf.pem"
                ));
            }
        }
    }
}

/// Starting Python anew for each file would cost seconds: one process lints all. It prints a line for each file.
const DRIVER: &str = r#"
import contextlib, importlib, io, shlex, sys
for line in sys.stdin:
    name, *arguments = shlex.split(line)
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = importlib.import_module("pkilint.bin." + name).main(["lint", "-s", "NOTICE"] + arguments)
    print(code, arguments[-1], said.getvalue().replace("\n", " | "))
"#;

#[test]
fn pkilint_finds_nothing_in_certificates_lists_and_answers() {
    if testkit::tool("lint_pkix_cert").is_none() {
        return;
    }
    let Some(python) = testkit::tool("python") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let mut work = String::new();
    let mut judged = 0;
    let mut judge = |linter: &str, files: &[(&str, &[u8])]| {
        judged += 1;
        write!(work, "{linter}").expect("fits");
        for (name, bytes) in files {
            let path = folder.path().join(format!("{judged}-{name}"));
            std::fs::write(&path, bytes).expect("a file");
            write!(work, " {}", path.display()).expect("fits");
        }
        work.push('\n');
    };
    let world = World::new();
    let root = world.root.certificate.to_pem();
    judge("lint_pkix_cert", &[("root.pem", root.as_bytes())]);
    for (n, (ca, leaves)) in (20u8..).zip(HIERARCHY) {
        let under = under(&world, ca, n);
        let issuing = under.issuer.certificate.to_pem();
        judge("lint_pkix_cert", &[("ca.pem", issuing.as_bytes())]);
        judge("lint_pkix_signer_signee_cert_chain", &[("root", root.as_bytes()), ("ca", issuing.as_bytes())]);
        for (m, profile) in (40 + n..).step_by(8).zip(leaves) {
            let leaf = leaf(&under, *profile, m).to_pem();
            let name = format!("{profile:?}.pem");
            judge("lint_pkix_cert", &[(&name, leaf.as_bytes())]);
            judge(
                "lint_pkix_signer_signee_cert_chain",
                &[("ca.pem", issuing.as_bytes()), (&name, leaf.as_bytes())],
            );
        }
        let reasons = [Reason::KeyCompromise, Reason::CertificateHold, Reason::PrivilegeWithdrawn];
        let revoked: Vec<Revoked> = (1..)
            .zip(reasons)
            .map(|(n, reason)| Revoked { serial: serial(n), at: now() - days(1), reason })
            .collect();
        let next = now() + days(7);
        let list = crl::build(&under.issuer.certificate, &under.key, 7, now(), next, &revoked);
        let list = list.expect("builds").to_pem();
        judge("lint_crl -t CRL -p PKIX", &[("list.pem", list.as_bytes())]);
        let asked = leaf(&under, Profile::OcspResponder, 90 + n);
        let issuer = under.issuer.certificate.clone();
        let request = ocsp::Request::new(&asked, &issuer, None);
        let responder = Responder { certificate: issuer.clone(), issuer };
        let answer = ocsp::respond(&responder, &request, now(), next, &mut |_| Status::Good, &under.key);
        judge("lint_ocsp_response", &[("answer.der", &answer.expect("answers"))]);
    }
    let list = folder.path().join("work");
    std::fs::write(&list, work).expect("a file");
    let mut command = python.command();
    command.args(["-c", DRIVER]).stdin(std::fs::File::open(&list).expect("is there"));
    let (worked, said) = testkit::run(&mut command);
    assert!(worked, "{said}");
    let clean = said.lines().filter(|line| line.starts_with("0 "));
    assert_eq!((clean.count(), said.lines().count()), (judged, judged), "{said}");
}

#[test]
fn a_ca_issues_what_its_policies_allow_and_nothing_else() {
    let world = World::new();
    for (n, (ca, allowed)) in (20u8..).zip(HIERARCHY) {
        let under = under(&world, ca, n);
        for profile in Profile::ALL {
            if profile == Profile::Root {
                continue;
            }
            let key = key();
            let (who, spki, validity) = (who(profile), key.public_key_der(), validity(profile));
            let prepared = under.issuer.prepare(profile, &who, spki, &serial(70), validity);
            match prepared {
                Ok(_) => assert!(allowed.contains(&profile), "{ca:?} issued {profile:?}"),
                Err(error @ LintError::Issuer { .. }) => {
                    assert!(!allowed.contains(&profile), "{ca:?} refused {profile:?}");
                    assert!(error.clause().starts_with("RFC 5280"));
                }
                Err(error) => panic!("{profile:?}: {error}"),
            }
        }
    }
}

#[test]
fn serial_numbers_are_positive_and_of_at_most_twenty_octets() {
    for bits in [[0; 16], [0xff; 16], [0x80; 16], [1; 16]] {
        let serial = Serial::from_random(bits);
        assert!(serial.is_positive() && serial.as_bytes().len() <= 20, "{serial:?}");
    }
    let world = World::new();
    let key = key();
    let long = Serial::from_hex(&"7f".repeat(21)).expect("is read");
    for serial in [long, Serial::from_hex("01").expect("is read")] {
        let refused = world.issuer().prepare(
            Profile::Person,
            &subject("x"),
            key.public_key_der(),
            &serial,
            validity(Profile::Person),
        );
        let refused = refused.expect_err("is refused");
        assert_eq!((&refused, refused.clause()), (&LintError::Serial, "RFC 5280 §4.1.2.2"));
    }
}

#[test]
fn an_event_certificate_lives_two_days_at_most() {
    let world = World::new();
    let key = key();
    let long = Validity { not_before: now(), not_after: now() + days(3) };
    let refused =
        world.issuer().prepare(Profile::PersonEvent, &subject("x"), key.public_key_der(), &serial(20), long);
    assert_eq!(refused.expect_err("is refused"), LintError::Validity { max_days: 2 });
}

#[test]
fn a_persons_certificate_names_no_organization_and_an_agents_does() {
    let world = World::new();
    let key = key();
    let prepare = |profile, subject: &Subject| {
        world
            .issuer()
            .prepare(profile, subject, key.public_key_der(), &serial(20), validity(profile))
            .map(|_| ())
    };
    let with = who(Profile::Agent);
    let without = who(Profile::Person);
    assert!(prepare(Profile::Agent, &with).is_ok() && prepare(Profile::Person, &without).is_ok());
    for (profile, subject) in [(Profile::Person, &with), (Profile::Agent, &without)] {
        let refused = prepare(profile, subject).expect_err("is refused");
        assert!(matches!(refused, LintError::Subject { field: "organizationName", .. }), "{refused}");
    }
}

#[test]
fn an_rsa_key_with_a_small_exponent_is_refused() {
    let Some(openssl) = OpenSsl::new() else { return };
    openssl.accepts(
        "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_pubexp:3 -out weak.pem",
    );
    openssl.accepts("pkey -in weak.pem -pubout -outform DER -out weak.der");
    let world = World::new();
    let refused = world.issuer().prepare(
        Profile::Person,
        &subject("x"),
        &openssl.read("weak.der"),
        &serial(20),
        validity(Profile::Person),
    );
    assert_eq!(refused.expect_err("is refused"), LintError::PublicExponent);
}

#[test]
fn openssl_reads_our_requests_and_we_read_its() {
    let Some(openssl) = OpenSsl::new() else { return };
    let key = key();
    let request = CertificationRequest::sign(&who(Profile::Agent), Profile::Agent, &key).expect("signs");
    openssl.write("ours.pem", request.to_pem());
    let text = openssl.accepts("req -in ours.pem -verify -noout -text -nameopt utf8,sep_comma_plus");
    for part in ["verify OK", "Non Repudiation", "1.3.6.1.5.5.7.3.36", "朱砂科技有限公司", "CA:FALSE"]
    {
        assert!(text.contains(part), "{part}\n{text}");
    }
    openssl.accepts(
        "req -new -newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes -keyout k.pem -subj /CN=Other -addext keyUsage=digitalSignature -out theirs.pem",
    );
    let theirs = String::from_utf8(openssl.read("theirs.pem")).expect("is text");
    let theirs = CertificationRequest::from_pem(&theirs).expect("is read");
    theirs.verify().expect("is signed");
    assert_eq!(theirs.subject().common_name(), Some("Other"));
    assert_eq!(theirs.requested_extensions(), ["2.5.29.15"]);
    let bent = theirs.der().iter().enumerate().map(|(n, b)| if n == 40 { b ^ 1 } else { *b });
    let bent: Vec<u8> = bent.collect();
    assert!(CertificationRequest::from_der(&bent).map_or(true, |it| it.verify().is_err()));
}

/// A device makes its key after it was told what it will sign around it.
#[test]
fn a_request_is_told_around_a_key_that_is_not_there_yet() {
    let (key, _) = SoftwareSigner::generate(KeyAlgorithm::P256).expect("a key");
    let (subject, profile) = (who(Profile::Person), Profile::Person);
    let (before, behind) = CertificationRequest::info_around(&subject, profile, key.public_key_der().len());
    let whole = [&before[..], key.public_key_der(), &behind].concat();
    assert_eq!(whole, CertificationRequest::info(&subject, profile, key.public_key_der()));
    let signature = key.sign(&whole).expect("signs");
    let request = CertificationRequest::from_parts(&whole, key.algorithm(), &signature).expect("a request");
    assert_eq!(request.public_key_der(), key.public_key_der());
    // One for a key under a passkey asks for the extension that names it.
    let activated =
        CertificationRequest::info_activated(&subject, profile, key.public_key_der(), Some(&[7; 32]));
    let signature = key.sign(&activated).expect("signs");
    let request =
        CertificationRequest::from_parts(&activated, key.algorithm(), &signature).expect("a request");
    assert!(request.requested_extensions().contains(&"1.3.6.1.4.1.99999.4.1".to_owned()));
}
