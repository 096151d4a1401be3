//! Every function of an administrator, on keys in every custody: whatever the operator does with it, no signature comes of it
//! that the offline verifier calls solely controlled.

#![expect(clippy::unwrap_used, reason = "what the operator cannot do fails the test")]

use std::collections::BTreeSet;
use std::io::Cursor;
use std::sync::Arc;

use domain::{CertificateId, KeyId};
use keys::passkey::{Passkey, Registration};
use keys::pkcs11::KeyChoice;
use keys::{
    Activation, ActivationRecord, Factor, KeyStore as _, PasskeyRecord, SealedKeyStore, SealingCost,
    ServerKey,
};
use pades::{Condition, Policy, RevocationRule};
use pki::ca::{Profile, Subject};
use pki::{Certificate, KeyAlgorithm, Serial, Signer as _, SoftwareSigner};
use vermilion_service::account::Actor;
use vermilion_service::authority::{
    self, Branch, CertificateAuthority as _, CertificateRequest, ProofOfPossession, RootKey, Term,
};
use vermilion_service::control::{self, Attesting, ControlProof, FileRevisions, Known};
use vermilion_service::identity::{ConsentInput, PersonInput, Providers, consent};
use vermilion_service::master_keys::{self, Progress};
use vermilion_service::organization::ManualTransfers;
use vermilion_service::organization::transfers::{self, TransferFailure};
use vermilion_service::view::StatusAction;
use vermilion_service::view::{
    self, IdentityMethod, ReviewCheck, ReviewPart, ReviewReason, RevocationReason, Step,
};
use vermilion_service::{Config, Locale, PaymentId, SystemClock, SystemRng, ceremony, policy, review, token};

use crate::agents::OTHER;
use crate::authenticator::Authenticator;
use crate::control::{Device, own};
use crate::killed::open_records;
use crate::operator::{Asked, Authority, asked, for_cas, opened_by_the_operator, record, us};
use crate::signers::{AGENT, Cast, Guest, House, PERSON, PIN, document, send_to, sender};

/// What the operator does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Play {
    /// Lists; and the certificate by which another's authority knows this server (what its holder can ask there is
    /// `operator`'s to play).
    Apart,
    /// Administrators come and go.
    Office,
    /// The next CA of each branch.
    Rotates,
    /// The root's key leaves, and comes back.
    Root,
    /// The next master key.
    MasterKeys,
    /// A key of the operator's in the module is bound to the victim's company, and released.
    Binds,
    /// Somebody else is approved by pictures in the victim's name, and signs.
    FalsePerson,
    /// A clerk tells an accomplice the amount that shows who acts for a company; the accomplice signs.
    FalseAgent,
    /// Another's authority is said to know.
    Tells,
    /// The victim's certificate is suspended, released and revoked.
    Status,
    /// A root that everyone trusts certifies a CA whose key is here.
    Above,
}

/// Every function, in the order in which they are played. `Above` comes last: what is trusted changes with it.
const TABLE: &[(&str, Play)] = &[
    ("admin add", Play::Office),
    ("admin remove", Play::Office),
    ("admin list", Play::Apart),
    ("ca list", Play::Apart),
    ("ca rotate", Play::Rotates),
    ("ca renew-client", Play::Apart),
    ("ca export-root", Play::Root),
    ("ca import-root", Play::Root),
    ("keys list", Play::Apart),
    ("keys rotate", Play::MasterKeys),
    ("hsm list", Play::Apart),
    ("hsm bind", Play::Binds),
    ("hsm release", Play::Binds),
    ("POST /reviews/{id}/claim", Play::FalsePerson),
    ("POST /reviews/{id}/release", Play::FalsePerson),
    ("POST /reviews/{id}/ask", Play::FalsePerson),
    ("POST /reviews/{id}/zone", Play::FalsePerson),
    ("POST /reviews/{id}/approve", Play::FalsePerson),
    ("POST /reviews/{id}/refuse", Play::FalsePerson),
    ("POST /transfers/{id}/view", Play::FalseAgent),
    ("POST /transfers/{id}/failed", Play::FalseAgent),
    ("POST /transfers/{id}/sent", Play::FalseAgent),
    ("POST /transfers/{id}/returned", Play::FalseAgent),
    ("ca revocations", Play::Tells),
    ("POST /ca/certificates/{id}/requests", Play::Status),
    ("POST /ca/requests/{id}/approve", Play::Status),
    ("POST /ca/requests/{id}/refuse", Play::Status),
    ("ca request", Play::Above),
    ("ca accept", Play::Above),
    ("ca import-crl", Play::Above),
];

/// What opens the victim's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Custody {
    Pin,
    Passkey,
    PasskeyWithFunction,
    Device,
    Module,
}

struct Victim {
    row: store::StoredCertificate,
    key: store::SigningKey,
    records: Vec<ActivationRecord>,
    passkey: Option<[u8; 32]>,
}

/// What the operator plays with.
struct Game<'a> {
    house: &'a House,
    custody: Custody,
    sender: Actor,
    one: Actor,
    two: Actor,
    /// The server key as it was when the victim signed.
    server_key: ServerKey,
    /// Whom a verifier trusts.
    anchors: Vec<Certificate>,
    own: Authenticator,
    passkey: Passkey,
    registration: Registration,
    victim: Victim,
}

/// Plays every function on a key in this custody, in a house of its own.
pub(crate) async fn every_function(custody: Custody, change: impl FnOnce(Config) -> Config) {
    let house = House::furnished(change, |foundation, _| {
        let mut providers = Providers::sandbox(foundation);
        providers.payouts = Arc::new(ManualTransfers::new(foundation));
        providers
    })
    .await;
    let mut game = Box::pin(Game::begun(&house, custody)).await;
    game.forges("with nothing done").await;
    let mut played: Vec<Play> = Vec::new();
    for (function, play) in TABLE {
        if played.contains(play) {
            continue;
        }
        played.push(*play);
        Box::pin(game.plays(*play)).await;
        Box::pin(game.forges(function)).await;
    }
}

impl<'a> Game<'a> {
    async fn begun(house: &'a House, custody: Custody) -> Self {
        let service = &house.service;
        let sender_actor = house.sender().await;
        let (one, two) = (sender(service, "a@example.com").await, sender(service, "b@example.com").await);
        for email in ["a@example.com", "b@example.com"] {
            authority::add_administrator(service, email).await.unwrap();
        }
        let master = std::fs::read_to_string(house.data().join("master.key")).unwrap();
        let mut bytes = [0; 32];
        hex::decode_to_slice(master.trim(), &mut bytes).unwrap();
        let mut own = Authenticator::new(None);
        let (passkey, registration) = own.enrol();
        let victim = Box::pin(signs(house, &sender_actor, &one, custody)).await;
        Self {
            house,
            custody,
            sender: sender_actor,
            one,
            two,
            server_key: ServerKey::from_bytes(bytes),
            anchors: service.authority().anchors(),
            own,
            passkey,
            registration,
            victim,
        }
    }

    async fn plays(&mut self, play: Play) {
        let service = &self.house.service;
        match play {
            Play::Apart => {}
            Play::Office => {
                authority::remove_administrator(service, "b@example.com").await.unwrap();
                authority::add_administrator(service, "b@example.com").await.unwrap();
            }
            Play::Rotates => {
                for branch in [Branch::Person, Branch::Organization] {
                    authority::rotate(service, branch, &RootKey::Here).await.unwrap();
                }
            }
            Play::Root => {
                let (out, password) = (self.house.data().join("root.key.pem"), "correct horse battery");
                authority::export_root(service, &out, password).await.unwrap();
                let content = std::fs::read(&out).unwrap().into();
                let key = RootKey::File { content, password: password.to_owned().into() };
                authority::import_root(service, &key).await.unwrap();
            }
            Play::MasterKeys => {
                master_keys::rotate(service).await.unwrap();
                while master_keys::step(service).await.unwrap() != Progress::Done {}
            }
            Play::Binds => Box::pin(self.binds()).await,
            Play::FalsePerson => Box::pin(self.approves_somebody_else()).await,
            Play::FalseAgent => Box::pin(self.tells_the_amount()).await,
            Play::Tells => {
                // No other authority is asked here: nothing is open, whatever is said.
                let serial = &self.victim.row.serial;
                assert!(!authority::confirm_revocation(service, serial).await.unwrap());
            }
            Play::Status => self.changes_the_status().await,
            Play::Above => self.is_certified_from_above().await,
        }
    }

    async fn binds(&self) {
        let service = &self.house.service;
        let company = AGENT.company.unwrap().credit_code;
        let label = || KeyChoice::Label("the operator's".to_owned());
        if let Some(store) = service.token() {
            store.pool().generate("the operator's").unwrap();
            token::bind(service, company, label(), "a@example.com").await.unwrap();
            self.accomplice_seals("bound").await;
            token::release(service, company, "a@example.com").await.unwrap();
        } else {
            assert!(token::bind(service, company, label(), "a@example.com").await.is_err());
            assert!(token::release(service, company, "a@example.com").await.is_err());
        }
    }

    /// The operator's own key in the module is given to whoever acts for the company next.
    async fn accomplice_seals(&self, name: &'static str) {
        let house = self.house;
        let input = own(
            name,
            vec![domain::policy::Custody::Pin, domain::policy::Custody::Pkcs11],
            domain::policy::WillCheck::Key,
        );
        policy::write(&house.service, &self.sender, input).await.unwrap();
        let id = send_to(house, &self.sender, &OTHER, Some(name)).await;
        let guest = house.guest(OTHER).await;
        acts_for_company(house, &self.one, &guest).await;
        guest.walk_to(Step::Key).await;
        let custody = domain::policy::Custody::Pkcs11;
        ceremony::key_in(&house.service, &guest.signer, custody, PIN).await.unwrap();
        guest.walk_to(Step::Done).await;
        self.nothing_shown_of(id, &guest).await;
    }

    async fn approves_somebody_else(&self) {
        let (house, service) = (self.house, &self.house.service);
        let impostor = Cast { email: "impostor@example.com", ..PERSON };
        let id = send_to(house, &self.sender, &impostor, None).await;
        let guest = house.guest(impostor).await;
        guest.walk_to(Step::Identity).await;
        let it = impostor.resident;
        let input = PersonInput {
            document: view::IdKind::PassportCn,
            phone: None,
            consent: ConsentInput {
                version: consent::VERSION.to_owned(),
                locale: Locale::ZhCn,
                face: false,
                photo: true,
            },
            ..PersonInput::resident(it.name, "E12345678", "").by(IdentityMethod::DocumentPhoto)
        };
        ceremony::identity(service, &guest.signer, &input).await.unwrap();
        let waiting = async || {
            for part in [ReviewPart::Front, ReviewPart::Selfie] {
                review::add_picture(service, &guest.signer, part, picture()).await.unwrap();
            }
            review::submit(service, &guest.signer).await.unwrap();
            let list = review::list(service, &self.one).await.unwrap();
            list.waiting[0].id.parse::<domain::ReviewId>().unwrap()
        };
        let case = waiting().await;
        review::claim(service, &self.one, case).await.unwrap();
        review::release(service, &self.one, case).await.unwrap();
        review::claim(service, &self.one, case).await.unwrap();
        review::ask(service, &self.one, case, ReviewReason::Unreadable, None).await.unwrap();
        let case = waiting().await;
        let shown = review::claim(service, &self.one, case).await.unwrap();
        // A photograph is no letter, whose signatures could be judged.
        let image = shown.images[0].id.parse().unwrap();
        assert!(review::verdict(service, &self.one, case, image).await.is_err());
        let checks = [
            ReviewCheck::Kind,
            ReviewCheck::Name,
            ReviewCheck::Number,
            ReviewCheck::Valid,
            ReviewCheck::Genuine,
            ReviewCheck::Face,
        ];
        assert_eq!(review::zone(service, &self.one, case, "P<CHN").await.unwrap().result, "length");
        review::approve(service, &self.one, case, &checks, None).await.unwrap();
        assert!(review::refuse(service, &self.one, case, ReviewReason::Altered, None, None).await.is_err());
        self.signs_with_a_passkey(id, &guest).await;
    }

    async fn tells_the_amount(&self) {
        let (house, service) = (self.house, &self.house.service);
        // One transfer is said to have failed; the amount of the next is told.
        let accomplice = Cast {
            email: "accomplice@example.com",
            resident: &vermilion_service::sandbox::register::PEOPLE[0],
            ..OTHER
        };
        let id = send_to(house, &self.sender, &accomplice, None).await;
        let guest = house.guest(accomplice).await;
        let failed = ordered(house, &self.one, &guest).await;
        transfers::failed(service, &self.one, failed, TransferFailure::Unavailable).await.unwrap();
        let payment = acts_for_company(house, &self.one, &guest).await;
        self.signs_with_a_passkey(id, &guest).await;
        transfers::returned(service, &self.one, payment).await.unwrap();
    }

    /// Somebody else's ceremony, with a passkey of theirs, in the victim's name or their company's.
    async fn signs_with_a_passkey(&self, id: domain::EnvelopeId, guest: &Guest<'_>) {
        guest.walk_to(Step::Key).await;
        let mut phone = Authenticator::new(None);
        guest.passkey(&mut phone).await.unwrap();
        let activation = guest.offer().await.unwrap();
        guest.use_activation(&activation.id, &phone.agree(&activation)).await.unwrap();
        self.nothing_shown_of(id, guest).await;
    }

    /// What a real ceremony shows to whoever knows the victim.
    async fn nothing_shown_of(&self, id: domain::EnvelopeId, guest: &Guest<'_>) {
        let proof = ceremony::proof_for_signer(&self.house.service, &guest.signer).await.unwrap();
        let records = ControlProof::from_json(&proof).unwrap().records;
        let file = document(&self.house.service, &self.sender, id).await;
        self.judged(guest.cast.email, file, vec![records]);
    }

    async fn changes_the_status(&self) {
        let service = &self.house.service;
        let id = self.victim.row.id;
        let asks = async |action, reason| {
            let asked = authority::request(service, &self.one, id, action, reason).await.unwrap();
            asked.items[0].id.parse().unwrap()
        };
        let refused = asks(StatusAction::Suspend, None).await;
        authority::refuse(service, &self.two, refused).await.unwrap();
        let withdrawn = Some(RevocationReason::PrivilegeWithdrawn);
        for (action, reason) in
            [(StatusAction::Suspend, None), (StatusAction::Release, None), (StatusAction::Revoke, withdrawn)]
        {
            let asked = asks(action, reason).await;
            authority::approve(service, &self.two, asked).await.unwrap();
        }
    }

    async fn is_certified_from_above(&mut self) {
        let service = &self.house.service;
        let foreign = Authority::named("Example Licensed CA");
        let (branch, profile, name) = match self.profile() {
            Profile::Organization => {
                (Branch::Organization, Profile::IssuingOrganization, "Vermilion Test Organization CA G3")
            }
            _ => (Branch::Person, Profile::IssuingPerson, "Vermilion Test Person CA G3"),
        };
        let request = authority::certification_request(service, branch).await.unwrap();
        let name = Subject { common_name: name.to_owned(), ..Subject::default() };
        let serial = Serial::from_random([3; 16]);
        let ours =
            foreign.issuer.prepare(profile, &name, request.public_key_der(), &serial, for_cas()).unwrap();
        let ours = ours.issue(&foreign.signer).unwrap();
        let above = foreign.issuer.certificate.clone();
        authority::accept(service, branch, &[above.clone(), ours]).await.unwrap();
        let now = service.now();
        let until = now + jiff::SignedDuration::from_hours(24);
        let list = pki::crl::build(&above, &foreign.signer, 1, now, until, &[]).unwrap();
        authority::import_list(service, &list).await.unwrap();
        self.anchors = vec![above];
    }

    fn profile(&self) -> Profile {
        match self.custody {
            Custody::Module => Profile::Organization,
            _ => Profile::Person,
        }
    }

    /// The victim's key, as far as whoever runs the server can use it; and a key of the operator's own that the authority
    /// certifies in the victim's name.
    async fn forges(&mut self, what: &str) {
        let certificate = Certificate::from_der(self.victim.row.der.as_deref().unwrap()).unwrap();
        let (forged, activation) = (self.asked(&certificate), self.asked(&certificate).activation);
        if let Some(value) = self.victims_value(&forged, activation) {
            self.shown(what, &certificate, forged, value);
        }
        let (signer, certificate) = self.certifies().await;
        let forged = self.asked(&certificate);
        let value = signer.sign(forged.prepared.bytes()).unwrap();
        self.shown(what, &certificate, forged, value);
    }

    fn asked(&self, certificate: &Certificate) -> Asked {
        let issuer = self.house.service.authority().issuer_of(certificate).unwrap();
        let above: Vec<Certificate> = self.anchors.iter().filter(|it| **it != issuer).cloned().collect();
        asked(certificate, &[vec![issuer], above].concat(), 2)
    }

    fn victims_value(&self, forged: &Asked, activation: Activation) -> Option<Vec<u8>> {
        let key = &self.victim.key.stored;
        let pin = Factor::pin(PIN);
        let unlocked = match self.custody {
            Custody::Passkey => {
                let signer = opened_by_the_operator(key, &self.server_key);
                return Some(signer.sign(forged.prepared.bytes()).unwrap());
            }
            // The function's output, and the device, are not the server's.
            Custody::PasskeyWithFunction | Custody::Device => return None,
            // A PIN of six digits is found by trying.
            Custody::Pin => SealedKeyStore::new(&self.server_key, SealingCost::cheap_for_tests()).unlock(
                key,
                &pin,
                &activation,
            ),
            Custody::Module => self.house.service.token().unwrap().unlock(key, &pin, &activation),
        };
        let unlocked = unlocked.unwrap();
        Some(unlocked.sign(activation.spent(), forged.prepared.bytes()).unwrap().bytes)
    }

    /// A certificate in the victim's name for a key of the operator's, which names the operator's passkey.
    async fn certifies(&self) -> (SoftwareSigner, Certificate) {
        let (signer, _) = SoftwareSigner::generate(KeyAlgorithm::P256).unwrap();
        let message = [b"mine ".as_slice(), signer.public_key_der()].concat();
        let request = CertificateRequest {
            id: CertificateId::new(&SystemClock, &SystemRng),
            profile: self.profile(),
            subject: serde_json::from_str(&self.victim.row.subject).unwrap(),
            public_key_der: signer.public_key_der().to_vec(),
            proof: ProofOfPossession {
                algorithm: signer.algorithm(),
                signature: signer.sign(&message).unwrap(),
                message,
            },
            key: KeyId::new(&SystemClock, &SystemRng),
            term: Term::Long,
            recipient: None,
            renews: None,
            activated_by: Some(self.passkey.fingerprint()),
        };
        let certificate = self.house.service.authority().issue(request).await.unwrap();
        (signer, certificate)
    }

    /// A contract that nobody saw, with everything that could be laid beside it.
    fn shown(&mut self, what: &str, certificate: &Certificate, forged: Asked, value: Vec<u8>) {
        let (canonical, digest) = (forged.activation.canonical(), forged.activation.digest());
        let file = forged.finished(value);
        let mine = PasskeyRecord {
            assertion: self.own.assert(&digest),
            passkey: self.passkey.clone(),
            registration: self.registration.clone(),
            relying_party: us(),
        };
        let theirs = self.victim.records.iter().find_map(|it| it.passkey.clone());
        let tries = vec![
            Vec::new(),
            self.victim.records.clone(),
            vec![record(&canonical, certificate, "passkey", Some(mine))],
            vec![record(&canonical, certificate, "passkey", theirs)],
            vec![record(&canonical, certificate, "pin", None)],
            vec![record(&canonical, certificate, "device", None)],
            vec![record(&canonical, certificate, "pkcs11", None)],
        ];
        self.judged(what, file, tries);
    }

    fn judged(&self, what: &str, file: Vec<u8>, tries: Vec<Vec<ActivationRecord>>) {
        let source = pdf::Document::open(Arc::new(file), &pdf::Limits::default()).unwrap();
        let trust = Policy::new(self.anchors.clone(), self.house.service.now());
        let judged = pades::validate(&source, &trust.with_revocation(RevocationRule::IfPresent));
        let revisions = FileRevisions::of(&source);
        // Nor one who takes what the CAs here write into every certificate for their word on the passkey: below any root.
        let of = |policy: String| {
            let roots = self.anchors.iter().map(Certificate::fingerprint);
            roots.map(move |authority| Attesting { policy: policy.clone(), authority })
        };
        let attesting: Vec<_> = self.profile().policy_oids().into_iter().flat_map(of).collect();
        for records in tries {
            // Also by a verifier who knows the victim's passkey.
            for passkeys in [Vec::new(), self.victim.passkey.into_iter().collect()] {
                let known = Known { passkeys, attesting: attesting.clone() };
                let mut report = judged.clone();
                control::apply(&mut report, &revisions, &ControlProof::new(records.clone()), &known);
                let it = &report.signatures[0];
                let (met, custody) = (Condition::Met, self.custody);
                assert_eq!(it.reliability.signature_intact, met, "{what}, {custody:?}: {it:#?}");
                assert_ne!(it.reliability.sole_control, met, "{what}, {custody:?}: {it:#?}");
            }
        }
    }
}

/// The victim signs, with a key in this custody.
async fn signs(house: &House, sender: &Actor, clerk: &Actor, custody: Custody) -> Victim {
    use domain::policy::Custody as Named;
    let named = match custody {
        Custody::Module => vec![Named::Pin, Named::Pkcs11],
        _ => vec![Named::Pin, Named::Passkey, Named::Device],
    };
    let input = own("any", named, domain::policy::WillCheck::Key);
    policy::write(&house.service, sender, input).await.unwrap();
    let cast = if custody == Custody::Module { AGENT } else { PERSON };
    send_to(house, sender, &cast, Some("any")).await;
    let guest = house.guest(cast).await;
    if custody == Custody::Module {
        acts_for_company(house, clerk, &guest).await;
    }
    guest.walk_to(Step::Key).await;
    let mut passkey = None;
    match custody {
        Custody::Pin => guest.walk_to(Step::Done).await,
        Custody::Module => {
            ceremony::key_in(&house.service, &guest.signer, Named::Pkcs11, PIN).await.unwrap();
            guest.walk_to(Step::Done).await;
        }
        Custody::Device => {
            let device = Device(SoftwareSigner::generate(KeyAlgorithm::P256).unwrap().0);
            guest.device(&device).await.unwrap();
        }
        Custody::Passkey | Custody::PasskeyWithFunction => {
            let prf = (custody == Custody::PasskeyWithFunction).then_some([9; 32]);
            let mut phone = Authenticator::new(prf);
            let ready = guest.passkey(&mut phone).await.unwrap();
            let activation = guest.offer().await.unwrap();
            guest.use_activation(&activation.id, &phone.agree(&activation)).await.unwrap();
            let mut fingerprint = [0; 32];
            hex::decode_to_slice(ready.key.passkey.unwrap(), &mut fingerprint).unwrap();
            passkey = Some(fingerprint);
        }
    }
    let records = match custody {
        // It has a certificate; what a device signs is not the server's to forge.
        Custody::Device => Vec::new(),
        _ => {
            let proof = ceremony::proof_for_signer(&house.service, &guest.signer).await.unwrap();
            ControlProof::from_json(&proof).unwrap().records
        }
    };
    let mut reader = open_records(house.data()).await.read().await.unwrap();
    let filter = store::CertificateFilter { most: 100, ..store::CertificateFilter::default() };
    let all = reader.certificates(&filter, house.service.now()).await.unwrap();
    let row = all.into_iter().find(|it| it.key_id.is_some()).unwrap();
    let key = reader.signing_key(row.key_id.unwrap()).await.unwrap().unwrap();
    Victim { row, key, records, passkey }
}

/// A payment that waits for a clerk.
async fn ordered(house: &House, clerk: &Actor, guest: &Guest<'_>) -> PaymentId {
    let service = &house.service;
    // Payments of the same moment have no order.
    house.pass(jiff::SignedDuration::from_secs(1));
    guest.walk_to(Step::Organization).await;
    if guest.show().await.organization.unwrap().state == view::OrganizationState::None {
        guest.step().await;
    }
    let account = guest.cast.company.unwrap().account_number;
    let bank = Some("沙箱银行深圳南山支行");
    ceremony::payment(service, &guest.signer, account, bank).await.unwrap();
    let list = transfers::list(service, clerk).await.unwrap();
    list.items.into_iter().find(|it| it.state == "waiting").unwrap().id.parse().unwrap()
}

/// The clerk makes the transfer, and tells its amount.
async fn acts_for_company(house: &House, clerk: &Actor, guest: &Guest<'_>) -> PaymentId {
    let service = &house.service;
    let id = ordered(house, clerk, guest).await;
    let fen = transfers::reveal(service, clerk, id).await.unwrap().amount_fen;
    transfers::sent(service, clerk, id, "B20261123-77").await.unwrap();
    ceremony::payment_confirm(service, &guest.signer, fen).await.unwrap();
    id
}

fn picture() -> Vec<u8> {
    let image = image::RgbImage::from_fn(640, 400, |x, y| {
        image::Rgb([u8::try_from(x % 251).unwrap(), 80, u8::try_from(y % 241).unwrap()])
    });
    let mut file = Cursor::new(Vec::new());
    image::DynamicImage::from(image).write_to(&mut file, image::ImageFormat::Jpeg).unwrap();
    file.into_inner()
}

/// The administrators' commands and operations, as the sources of the command line and the description of the API name them.
fn functions() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let sources = testkit::checkout().join("crates/cli/src/args");
    let groups = [
        ("ca.rs", "Ca", "ca"),
        ("ca.rs", "Admin", "admin"),
        ("ca.rs", "Keys", "keys"),
        ("token.rs", "Token", "hsm"),
    ];
    for (file, group, word) in groups {
        let text = std::fs::read_to_string(sources.join(file)).unwrap();
        let (_, rest) = text.split_once(&format!("enum {group}Command {{\n")).unwrap();
        let (body, _) = rest.split_once("\n}\n").unwrap();
        let variants = body.lines().filter_map(|line| line.strip_prefix("    "));
        let variants = variants.filter(|line| line.starts_with(|first: char| first.is_ascii_uppercase()));
        for variant in variants {
            let name: String = variant.chars().take_while(char::is_ascii_alphanumeric).collect();
            let kebab: String = name
                .char_indices()
                .flat_map(|(at, c)| {
                    let dash = (at > 0 && c.is_ascii_uppercase()).then_some('-');
                    dash.into_iter().chain(std::iter::once(c.to_ascii_lowercase()))
                })
                .collect();
            found.insert(format!("{word} {kebab}"));
        }
    }
    let api = std::fs::read(testkit::checkout().join("web/src/api/openapi.json")).unwrap();
    let api: serde_json::Value = serde_json::from_slice(&api).unwrap();
    for (path, operations) in api["paths"].as_object().unwrap() {
        let Some(path) = path.strip_prefix("/api/v1") else { continue };
        if !["/ca", "/reviews", "/transfers"].iter().any(|office| path.starts_with(office)) {
            continue;
        }
        let changes = operations.as_object().unwrap().keys().filter(|method| *method != "get");
        found.extend(changes.map(|method| format!("{} {path}", method.to_uppercase())));
    }
    found
}

#[test]
fn every_function_of_an_administrator_is_played() {
    let played: BTreeSet<String> = TABLE.iter().map(|(function, _)| (*function).to_owned()).collect();
    assert_eq!(functions(), played, "what administrators can do is played on every custody");
}

fn at_a_domain(config: Config) -> Config {
    Config { public_url: "http://localhost:8080".to_owned(), ..config }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_function_makes_a_signature_under_a_pin_solely_controlled() {
    Box::pin(every_function(Custody::Pin, at_a_domain)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_function_makes_a_signature_under_a_passkey_solely_controlled() {
    Box::pin(every_function(Custody::Passkey, at_a_domain)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_function_makes_a_signature_under_a_passkeys_function_solely_controlled() {
    Box::pin(every_function(Custody::PasskeyWithFunction, at_a_domain)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_function_makes_a_signature_of_a_device_solely_controlled() {
    Box::pin(every_function(Custody::Device, at_a_domain)).await;
}
