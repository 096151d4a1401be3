//! The letter: its words, and the envelope that holds it. Its author is an account of the server's own, which nobody logs in
//! to.

use domain::account::Account;
use domain::envelope::EnvelopeStatus;
use domain::organization::AgentScope;
use domain::policy::{Assurance, Custody, PolicyRef, SignatureLevel, TimeRule, Title, WillCheck};
use domain::{AccountId, Email, EnvelopeId, Locale, Name, mask};
use report::AuthorizationLetter;
use store::{OrganizationVerification, Tx};

use super::{DAYS, Draft, LeaderContact};
use crate::account::Actor;
use crate::ceremony::Scene;
use crate::core::{Service, upload_folder};
use crate::envelope::{self, EnvelopePatch, FieldInput, RecipientInput};
use crate::error::Error;
use crate::policy::{self, PolicyInput};
use crate::{notify, view};

/// The author's address: a domain that is nobody's (RFC 2606 §2), so that nothing is ever mailed there.
const AUTHOR: &str = "authorizations@vermilion.invalid";
const POLICY: &str = "legal-representative";

/// The account that letters are sent by, once there is one.
pub(super) async fn known_author(service: &Service) -> Result<Option<Actor>, Error> {
    let known = service.store().read().await?.account_by_email(&Email::parse(AUTHOR)?).await?;
    Ok(known.map(|(account, _)| Actor::without_session(account)))
}

/// The account that letters are sent by.
pub(super) async fn author(service: &Service) -> Result<Actor, Error> {
    if let Some(known) = known_author(service).await? {
        return Ok(known);
    }
    let email = Email::parse(AUTHOR)?;
    let now = service.now();
    let account = Account {
        id: AccountId::new(service.clock(), service.rng()),
        email: email.clone(),
        name: Name::parse("Vermilion")?,
        locale: Locale::ZhCn,
        created_at: now,
        verified_at: Some(now),
    };
    let mut tx = service.store().begin().await?;
    // No password has this hash.
    match tx.add_account(&account, "-").await {
        Ok(()) => tx.commit().await?,
        Err(store::Error::Conflict) => {
            drop(tx);
            return known_author(service).await?.ok_or(Error::NotFound);
        }
        Err(error) => return Err(error.into()),
    }
    Ok(Actor::without_session(account))
}

/// Makes the letter and the draft of the envelope that holds it.
pub(super) async fn draft(
    service: &Service,
    scene: &Scene,
    run: &OrganizationVerification,
    contact: &LeaderContact,
    locale: Locale,
    scope: &[AgentScope],
) -> Result<Draft, Error> {
    let actor = author(service).await?;
    require_policy(service, &actor).await?;
    let agent = scene.verified_identity().ok_or(Error::NotFound)?;
    let draft = envelope::create(service, &actor, Some(&title(locale, run)), Some(locale)).await?;
    let id: EnvelopeId = draft.id.parse().map_err(Error::internal)?;
    let letter = AuthorizationLetter {
        number: id.short(),
        at: service.now(),
        organization: run.name.as_str().to_owned(),
        credit_code: run.credit_code.as_str().to_owned(),
        legal_representative: run.legal_representative.as_str().to_owned(),
        agent: agent.name.as_str().to_owned(),
        agent_number: agent.document.as_ref().map(domain::IdDocument::masked).unwrap_or_default(),
        administer: scope.contains(&AgentScope::Administer),
        purpose: scene.contents.envelope.title.clone(),
    };
    let made = tokio::task::spawn_blocking(move || report::authorization_letter(&letter)).await?;
    let made = made.map_err(Error::internal)?;
    // Through the same door as every document: it is read, measured and kept as any upload.
    let folder = upload_folder(&service.config().data_dir);
    tokio::fs::create_dir_all(&folder).await?;
    let path = folder.join(format!("{id}.pdf"));
    tokio::fs::write(&path, &made.pdf).await?;
    let name = match locale {
        Locale::En => "letter of authorization.pdf",
        Locale::ZhCn => "授权委托书.pdf",
    };
    let added = envelope::add_document(service, &actor, id, name, &path).await;
    let _ = tokio::fs::remove_file(&path).await;
    let added = added?;
    let document = added.documents.first().ok_or_else(|| Error::internal("the letter is in its envelope"))?;
    let patch = EnvelopePatch {
        message: Some(message(locale, agent.name.as_str(), run)),
        policy: Some(POLICY.to_owned()),
        expires_in_days: Some(DAYS),
        locale: Some(locale),
        ..EnvelopePatch::default()
    };
    envelope::update(service, &actor, id, patch).await?;
    let (email, phone) = match contact {
        LeaderContact::Mail(email) => (Some(email.to_string()), None),
        LeaderContact::Sms(phone) => (None, Some(phone.reveal().to_owned())),
    };
    let recipient = RecipientInput {
        id: None,
        kind: view::RecipientKind::Person,
        name: run.legal_representative.as_str().to_owned(),
        email,
        phone,
        organization: None,
        locale,
        order: 1,
    };
    let set = envelope::set_recipients(service, &actor, id, vec![recipient]).await?;
    let recipient = set.recipients.first().ok_or_else(|| Error::internal("the letter has its recipient"))?;
    let recipient = recipient.id.parse().map_err(Error::internal)?;
    let document_id = document.id.parse().map_err(Error::internal)?;
    let field = |r#type, place: report::Place, label: &str| FieldInput {
        id: None,
        recipient_id: recipient,
        document_id,
        r#type,
        page: place.page,
        x: place.x,
        y: place.y,
        width: place.width,
        height: place.height,
        required: true,
        label: Some(label.to_owned()),
    };
    let fields = vec![
        field(view::FieldType::Signature, made.signature, "法定代表人签名 Signature"),
        field(view::FieldType::Date, made.date, "日期 Date"),
    ];
    envelope::set_fields(service, &actor, id, fields).await?;
    let sha256 = hex::encode(pki::sha256(&made.pdf));
    Ok(Draft { actor, envelope: id, recipient, sha256 })
}

/// Takes the envelope back from the legal representative, in the transaction of a use case.
pub(super) async fn take_back(service: &Service, tx: &mut Tx, envelope: EnvelopeId) -> Result<(), Error> {
    let Some(mut contents) = tx.contents(envelope).await? else { return Ok(()) };
    if contents.envelope.status != EnvelopeStatus::Sent {
        return Ok(());
    }
    contents.envelope.void("withdrawn".to_owned(), service.now())?;
    tx.save_envelope(&contents.envelope).await?;
    let sender = tx.account(contents.envelope.account_id).await?.ok_or(Error::NotFound)?;
    notify::voided(service, tx, &contents, &sender).await
}

/// What the legal representative must bring: their face.
async fn require_policy(service: &Service, author: &Actor) -> Result<(), Error> {
    let wanted = PolicyRef::new(None, POLICY);
    let known = policy::named(service, &mut service.store().read().await?, author.id(), &wanted).await;
    if known.is_ok() {
        return Ok(());
    }
    let input = PolicyInput {
        organization: None,
        name: POLICY.to_owned(),
        title: Title {
            en: "Legal representative, in person".to_owned(), zh_cn: "法定代表人本人".to_owned()
        },
        assurance: Assurance::High,
        max_age_days: Some(1),
        custody: Custody::ALL.to_vec(),
        will: WillCheck::Key,
        time: TimeRule::Trusted,
        level: SignatureLevel::Lt,
    };
    policy::write(service, author, input).await.map(drop)
}

fn title(locale: Locale, run: &OrganizationVerification) -> String {
    match locale {
        Locale::En => format!("Letter of authorization, {}", run.name),
        Locale::ZhCn => format!("{}授权委托书", run.name),
    }
}

fn message(locale: Locale, agent: &str, run: &OrganizationVerification) -> String {
    let (agent, leader) = (mask::name(agent), mask::name(run.legal_representative.as_str()));
    match locale {
        Locale::En => format!(
            "{agent} wants to put the seal of {} on documents here and asks you, {leader}, to authorize them as its legal \
             representative. You show your face and sign. If you do not know of this, decline.",
            run.name
        ),
        Locale::ZhCn => format!(
            "{agent}申请在本平台以{}的名义用印，请您（{leader}）以法定代表人身份授权：须进行人脸识别并签名。如您不知情，请拒绝。",
            run.name
        ),
    }
}
