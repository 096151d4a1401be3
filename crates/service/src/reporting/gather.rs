//! The facts of a report, from the records and from a fresh look at the document itself.

use std::sync::Arc;

use domain::envelope::{Contents, Document};
use domain::organization::OrganizationWay;
use domain::policy::SigningPolicy;
use domain::recipient::{Recipient, RecipientKind, RecipientStatus};
use domain::{Email, EnvelopeId, Phone, mask};
use evidence::{Actor, Link};
use jiff::Timestamp;
use pades::{Policy, SignatureReport};
use pki::{Certificate, KeyAlgorithm};
use report::{Certification, Chain, Check, Conditions, Consent, Event, Party, Revision, Signature, Words};
use store::{Ceremony, Proof, Reader};

use super::words;
use crate::config::Trust;
use crate::core::Service;
use crate::envelope;
use crate::error::Error;
use crate::{ceremony, identity, policy, proof, review};

/// Everything that a report states about an envelope now.
pub(super) async fn facts(service: &Service, id: EnvelopeId) -> Result<Certification, Error> {
    let now = service.now();
    let mut reader = service.store().read().await?;
    let contents = reader.contents(id).await?.ok_or(Error::NotFound)?;
    let sender = reader.account(contents.envelope.account_id).await?.ok_or(Error::NotFound)?;
    let links = reader.events_of(&id.to_string()).await?;
    let chain = chain(&mut reader, &links).await?;
    let verdicts = verdicts(service, &contents, now).await?;
    let mut parties = Vec::new();
    for recipient in &contents.recipients {
        let policy = policy::agreed(&mut reader, contents.policy_digest_for(recipient)).await?;
        parties.push(party(&mut reader, recipient, &policy, &verdicts).await?);
    }
    let envelope = &contents.envelope;
    let events = links.iter().map(|link| event(link, &contents, sender.name.as_str())).collect();
    Ok(Certification {
        number: number(id, &links),
        issued_at: now,
        server: service.config().public_url.clone(),
        software: format!("Vermilion {}", env!("CARGO_PKG_VERSION")),
        test_trust: service.config().trust == Trust::Test,
        sandbox: service.has_sandbox(),
        external_authority: service.config().external_authority.is_some(),
        envelope: id.to_string(),
        title: envelope.title.clone(),
        status: envelope.status_at(now).as_str().to_owned(),
        sender: sender.name.as_str().to_owned(),
        sender_contact: mask::email(sender.email.as_str()),
        sent_at: envelope.sent_at,
        completed_at: envelope.completed_at,
        documents: contents.documents.iter().map(document).collect(),
        parties,
        events,
        chain,
    })
}

/// Envelope and newest event: another number for another state.
fn number(id: EnvelopeId, links: &[Link]) -> String {
    format!("VM-{}-{}", id.short().to_uppercase(), links.last().map_or(0, |link| link.event.seq))
}

async fn chain(reader: &mut Reader, links: &[Link]) -> Result<Chain, Error> {
    let first = links.first().map_or(0, |link| link.event.seq);
    let last = links.last().map_or(0, |link| link.event.seq);
    let (head_seq, head) = reader.event_head().await?;
    // From the first event of the server to its newest: those of other envelopes lie between.
    let intact = reader.verify_events(1, head_seq).await?.is_ok_and(|hash| hash == head);
    Ok(Chain { first, last, head: hex::encode(head), intact })
}

/// Judges every signature of every document as it stands now.
async fn verdicts(
    service: &Service,
    contents: &Contents,
    now: Timestamp,
) -> Result<Vec<SignatureReport>, Error> {
    let mut verdicts = Vec::new();
    for document in &contents.documents {
        let source = envelope::source(service, document, document.newest().number).await?;
        let service = service.clone();
        let judge = move || -> Result<Vec<SignatureReport>, Error> {
            let document = proof::open(&service, Arc::clone(&source))?;
            let policy = Policy::new(service.certificates().anchors(), now);
            Ok(pades::validate(&document, &policy).signatures)
        };
        verdicts.extend(tokio::task::spawn_blocking(judge).await??);
    }
    Ok(verdicts)
}

async fn party(
    reader: &mut Reader,
    it: &Recipient,
    policy: &SigningPolicy,
    verdicts: &[SignatureReport],
) -> Result<Party, Error> {
    let ceremony = reader.ceremony(it.id).await?;
    let consent = match ceremony.consent_id {
        Some(id) => reader.consent(id).await?,
        None => None,
    };
    let organization = match it.kind {
        RecipientKind::Organization => it.organization.as_ref().map(|name| name.as_str().to_owned()),
        RecipientKind::Person => None,
    };
    Ok(Party {
        order: it.order,
        kind: it.kind.as_str().to_owned(),
        name: it.name.as_str().to_owned(),
        organization,
        contact: contact(it),
        status: it.status.as_str().to_owned(),
        checks: checks(reader, &ceremony).await?,
        consent: consent.map(|it| Consent {
            version: it.version,
            sha256: it.digest,
            language: it.locale.tag().to_owned(),
            at: it.created_at,
        }),
        conditions: Some(conditions(reader, it, &ceremony, policy).await?),
        certificate: certificate(reader, it, &ceremony).await?,
        signature: signature(it, &ceremony, verdicts),
    })
}

fn contact(it: &Recipient) -> String {
    let mail = it.email.as_ref().map(Email::as_str).map(mask::email);
    let phone = it.phone.as_ref().map(Phone::masked);
    [mail, phone].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

async fn checks(reader: &mut Reader, ceremony: &Ceremony) -> Result<Vec<Check>, Error> {
    let mut checks = Vec::new();
    if let Some(id) = ceremony.identity_id
        && let Some(it) = reader.identity_verification(id).await?
    {
        let means = identity::how(&it);
        let has = |word: &str| means.iter().any(|known| known == word);
        let compared = match (has("face"), has("bank_card"), it.method.as_str()) {
            (true, _, _) => &words::FACE,
            (_, true, _) => &words::BANK_CARD,
            (_, _, "two_elements") => &words::TWO_ELEMENTS,
            (_, _, "document_photo") if has("presented") => &words::DOCUMENT_PRESENTED,
            (_, _, "document_photo") => &words::DOCUMENT,
            _ => &words::REGISTER,
        };
        // The platform's own people say so: nobody else is to be named for it.
        let by = if it.provider == review::PROVIDER { "Vermilion" } else { &it.provider };
        checks.push(check(compared, by, &it.proof, it.proof.at));
        if let Some(at) = it.verified_at.filter(|_| has("phone_code")) {
            // The platform's own check: there is no answer of another's to keep the digest of.
            checks.push(check(&words::PHONE_CODE, "Vermilion", &own(id.to_string(), at), at));
        }
    }
    if let Some(id) = ceremony.organization_verification_id
        && let Some(it) = reader.organization_verification(id).await?
    {
        checks.push(check(&words::COMPANY_REGISTER, &it.provider, &it.proof, it.proof.at));
        if let Some(at) = it.verified_at {
            checks.push(way(reader, &it, at).await?);
        }
    }
    if let Some(it) = reader.staff_proofs_of_recipient(ceremony.recipient_id).await?.into_iter().next() {
        let answer_sha256 = hex::encode(it.token_sha256);
        let proof = Proof { answer_sha256, ..own(it.id.to_string(), it.created_at) };
        checks.push(check(&words::DIRECTORY, &it.issuer, &proof, it.created_at));
    }
    Ok(checks)
}

/// How it was shown that the agent acts for the company.
async fn way(
    reader: &mut Reader,
    it: &store::OrganizationVerification,
    at: Timestamp,
) -> Result<Check, Error> {
    let registry = it.provider.as_str();
    Ok(match it.way.unwrap_or(OrganizationWay::Payment) {
        OrganizationWay::Payment => {
            let reference = reader.payments(it.id).await?.into_iter().find_map(|payment| payment.reference);
            let reference = reference.unwrap_or_else(|| it.id.to_string());
            let bank = match registry {
                _ if reference.starts_with("manual-") => "Vermilion",
                "sandbox" => "Sandbox bank 沙箱银行",
                other => other,
            };
            check(&words::PAYMENT, bank, &own(reference, at), at)
        }
        OrganizationWay::LegalRepresentative => check(&words::LEGAL_REPRESENTATIVE, registry, &it.proof, at),
        OrganizationWay::Authorization => {
            let letter = reader.authorizations(it.id).await?.into_iter().next();
            let letter = letter.map_or_else(|| it.id.to_string(), |letter| letter.envelope_id.to_string());
            check(&words::AUTHORIZATION, "Vermilion", &own(letter, at), at)
        }
        OrganizationWay::Letter => check(&words::LETTER, "Vermilion", &own(it.id.to_string(), at), at),
    })
}

fn own(transaction: String, at: Timestamp) -> Proof {
    Proof { transaction, factors: Vec::new(), score: None, answer_sha256: String::new(), at }
}

fn check(what: &words::Both, provider: &str, proof: &Proof, at: Timestamp) -> Check {
    let provider = if provider == "sandbox" { "Sandbox register 沙箱登记库" } else { provider };
    Check {
        what: what.en.to_owned(),
        what_zh: what.zh.to_owned(),
        provider: provider.to_owned(),
        transaction: proof.transaction.clone(),
        answer_sha256: proof.answer_sha256.clone(),
        at,
    }
}

/// What the policy asks for, and what the party brought: of the signature that is on record, else as far as they have come.
async fn conditions(
    reader: &mut Reader,
    it: &Recipient,
    ceremony: &Ceremony,
    policy: &SigningPolicy,
) -> Result<Conditions, Error> {
    let both = |words: &words::Both| Words { en: words.en.to_owned(), zh: words.zh.to_owned() };
    let identity = match ceremony.identity_id {
        Some(id) => reader.identity_verification(id).await?,
        None => None,
    };
    let key = match ceremony.key_id {
        Some(id) => reader.signing_key(id).await?,
        None => None,
    };
    let used = reader.used_activations(it.id).await?.pop();
    let will = used.as_ref().map(ceremony::will_shown).transpose()?;
    Ok(Conditions {
        policy: match &policy.organization {
            Some(author) => format!("{} · {author}", policy.name),
            None => policy.name.clone(),
        },
        title: Words { en: policy.title.en.clone(), zh: policy.title.zh_cn.clone() },
        version: policy.version,
        sha256: hex::encode(policy::digest(policy)),
        assurance: identity.and_then(|it| it.assurance).map(|it| both(words::assurance(it))),
        custody: key.map(|it| {
            both(words::custody(ceremony::custody_of(&it.stored), ceremony::opened_by(&it.stored)))
        }),
        will_at: will.and_then(|(_, at)| at),
        will: will.map(|(way, _)| both(words::will(way))),
    })
}

async fn certificate(
    reader: &mut Reader,
    it: &Recipient,
    ceremony: &Ceremony,
) -> Result<Option<report::Certificate>, Error> {
    let Some(certified) = &it.certificate else { return Ok(None) };
    let Some(stored) = reader.certificate_by_serial(&certified.serial).await? else { return Ok(None) };
    let Some(der) = stored.der else { return Ok(None) };
    let certificate = Certificate::from_der(&der).map_err(Error::internal)?;
    let key = match ceremony.key_id.or(stored.key_id) {
        Some(id) => reader.signing_key(id).await?,
        None => None,
    };
    let algorithm = key.map_or("", |key| match key.stored.algorithm {
        KeyAlgorithm::P256 => "ECDSA P-256",
        KeyAlgorithm::P384 => "ECDSA P-384",
        KeyAlgorithm::Rsa2048 => "RSA 2048",
        KeyAlgorithm::Rsa3072 => "RSA 3072",
        KeyAlgorithm::Rsa4096 => "RSA 4096",
        KeyAlgorithm::RsaOther => "RSA",
        KeyAlgorithm::Ed25519 => "Ed25519",
    });
    Ok(Some(report::Certificate {
        subject: certificate.subject().to_string(),
        issuer: certificate.issuer().to_string(),
        serial: certificate.serial_hex(),
        fingerprint: hex::encode(certificate.fingerprint()),
        algorithm: algorithm.to_owned(),
        not_before: certificate.not_before(),
        not_after: certificate.not_after(),
    }))
}

fn signature(it: &Recipient, ceremony: &Ceremony, verdicts: &[SignatureReport]) -> Option<Signature> {
    let result = ceremony.result.as_ref().filter(|_| it.status == RecipientStatus::Signed)?;
    let verdict = verdicts.iter().find(|verdict| verdict.field == result.field);
    Some(Signature {
        field: result.field.clone(),
        level: verdict.map_or_else(|| result.level.clone(), |verdict| verdict.level.as_str().to_owned()),
        time_stamp: Some(result.time_stamp),
        time_stamp_authority: Some(result.time_stamp_authority.clone()),
        time_stamp_serial: Some(result.time_stamp_serial.clone()),
        activation_sha256: result.activation_sha256.clone(),
        verdict: verdict.map_or("TOTAL-FAILED", |verdict| verdict.indication.as_str()).to_owned(),
    })
}

fn document(it: &Document) -> report::Document {
    let revision = |revision: &domain::envelope::Revision| Revision {
        number: revision.number + 1,
        kind: revision.kind.as_str().to_owned(),
        sha256: hex::encode(revision.sha256),
        size: revision.size,
        at: revision.at,
    };
    report::Document {
        name: it.name.clone(),
        pages: it.pages,
        revisions: it.revisions.iter().map(revision).collect(),
    }
}

fn event(link: &Link, contents: &Contents, sender: &str) -> Event {
    let it = &link.event;
    let words = words::of_event(&it.kind);
    let actor = match &it.actor {
        Actor::Account(_) => sender.to_owned(),
        Actor::Recipient(id) => contents
            .recipients
            .iter()
            .find(|recipient| recipient.id.to_string() == *id)
            .map(|recipient| match &recipient.organization {
                // The company by its agent.
                Some(organization) => format!("{organization} · {}", recipient.name),
                None => recipient.name.to_string(),
            })
            .unwrap_or_default(),
        Actor::System => String::new(),
    };
    Event {
        seq: it.seq,
        at: it.at,
        what: words.map_or_else(|| it.kind.clone(), |both| both.en.to_owned()),
        what_zh: words.map_or_else(|| it.kind.clone(), |both| both.zh.to_owned()),
        actor,
        hash: hex::encode(link.hash),
    }
}
