//! The check of the signer's will, apart from opening the key and for one activation: a code, a face, a passkey, of those
//! that the signing policy allows the one that the signer chooses.
//!
//! A check that was passed stays passed for its activation, until that is spent or too old: a PIN that was mistyped after it
//! costs no other code. It is good for no other activation.

mod code;
mod face;
mod passkey;

use domain::policy::{Custody, WillWay};
use domain::{ActivationId, Refusal};
use evidence::Body;
use jiff::Timestamp;
use keys::passkey::Assertion;
use providers::PersonMethod;
use serde::{Deserialize, Serialize};
use store::{ActivationState, Reader, StoredActivation, Tx};

use super::Agreement;
use super::offer::in_time;
use crate::ceremony::scene::opened_by;
use crate::ceremony::{Scene, Signer};
use crate::core::Service;
use crate::error::Error;
use crate::identity::ConsentInput;
use crate::identity::code::PhoneCode;
use crate::limiter::Rate;
use crate::view::{self, IdentityMethod};

pub(crate) use self::face::{end_overdue as end_overdue_faces, notice as face_notice};

/// How the check stands, as it is kept with the activation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Will {
    /// Until there was a choice, it was a code to the phone.
    #[serde(default = "sms")]
    by: WillWay,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    code: Option<PhoneCode>,
    #[serde(default)]
    passed_at: Option<Timestamp>,
    /// What the passkey signed over the activation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    witness: Option<Witness>,
}

fn sms() -> WillWay {
    WillWay::Sms
}

/// What a passkey said of an activation, beside what opens the key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Witness {
    pub(super) assertion: Assertion,
    passkey: String,
}

impl Witness {
    /// Which passkey.
    pub(super) fn passkey(&self) -> Result<domain::PasskeyId, Error> {
        self.passkey.parse().map_err(|_| Error::internal("a witness's passkey has no id"))
    }
}

impl Will {
    fn by(way: WillWay) -> Self {
        Self { by: way, code: None, passed_at: None, witness: None }
    }

    fn of(activation: &StoredActivation) -> Result<Option<Self>, Error> {
        Ok(activation.will.as_deref().map(serde_json::from_str).transpose()?)
    }
}

/// How the will was shown for an activation that was used, and when where that was a check of its own: none of them where
/// opening the key was enough.
pub(crate) fn shown(activation: &StoredActivation) -> Result<(Option<WillWay>, Option<Timestamp>), Error> {
    Ok(match Will::of(activation)? {
        Some(will) => (Some(will.by), will.passed_at),
        None => (None, None),
    })
}

/// Which check the signer chooses.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct WillChoice {
    /// The check; without it, the first that can be had and is no face.
    #[cfg_attr(feature = "schema", schema(nullable = false))]
    pub by: Option<WillWay>,
    /// For a face: at which provider's.
    #[cfg_attr(feature = "schema", schema(nullable = false))]
    pub method: Option<IdentityMethod>,
    /// For a face: the consent to have it processed.
    #[cfg_attr(feature = "schema", schema(nullable = false))]
    pub consent: Option<ConsentInput>,
}

/// The checks that this signer can choose from. A face is offered beside another alone: nobody has to show theirs.
pub(crate) async fn offered(
    service: &Service,
    reader: &mut Reader,
    scene: &Scene,
) -> Result<Vec<view::WillOffered>, Error> {
    let mut all = Vec::new();
    let Some(identity) = scene.verified_identity() else { return Ok(all) };
    for by in scene.policy.will.ways().iter().copied() {
        let nothing =
            view::WillOffered { by, to: None, methods: Vec::new(), registered: false, can_register: false };
        match by {
            WillWay::Sms => all.extend(code::phone(scene).map(|phone| {
                let to = Some(phone.masked());
                view::WillOffered { to, ..nothing }
            })),
            WillWay::Email => all.extend(scene.recipient.email.as_ref().map(|email| {
                let to = Some(domain::mask::email(email.as_str()));
                view::WillOffered { to, ..nothing }
            })),
            WillWay::Face => {
                let kind = identity.document.as_ref().map(domain::IdDocument::kind);
                let fits = |(method, kinds): (PersonMethod, Vec<domain::IdKind>)| {
                    let fits = method.is_face() && kind.is_some_and(|kind| kinds.contains(&kind));
                    fits.then(|| method.into())
                };
                let methods: Vec<_> = service.providers().offered().into_iter().filter_map(fits).collect();
                if !methods.is_empty() {
                    all.push(view::WillOffered { methods, ..nothing });
                }
            }
            WillWay::Passkey => {
                if service.config().relying_party().is_some() {
                    let opens = opens_with_passkey(scene);
                    let registered = opens || passkey::of(service, reader, scene).await?.is_some();
                    let can_register = !opens && passkey::beside(service, reader, scene).await?.is_none();
                    all.push(view::WillOffered { registered, can_register, ..nothing });
                }
            }
        }
    }
    if all.iter().all(|it| it.by == WillWay::Face) {
        all.clear();
    }
    Ok(all)
}

/// What is asked for an activation: what is kept with it, and what the signer sees.
pub(super) struct Asked {
    kept: Option<Will>,
    pub(super) view: Option<view::WillAsked>,
    /// The face check to begin, once the activation is on record.
    face: Option<face::Wanted>,
}

impl Asked {
    /// What is kept with the activation (JSON).
    pub(super) fn kept(&self) -> Result<Option<String>, Error> {
        Ok(self.kept.as_ref().map(serde_json::to_string).transpose()?)
    }

    /// For how long the activation is good: a provider's page takes longer than typing a code.
    pub(super) fn lifetime(&self, usual: jiff::SignedDuration) -> jiff::SignedDuration {
        if self.face.is_some() { face::LIFETIME } else { usual }
    }
}

/// Chooses the check, where the signing policy asks for one, and sends the code.
///
/// # Errors
/// [`Refusal::WillUnavailable`] where the way that was chosen cannot be had, [`Refusal::PolicyUnmet`] where none can;
/// [`Refusal::ResendTooSoon`], [`Refusal::CodeLocked`], [`Refusal::DataConsentMissing`].
pub(super) async fn ask(
    service: &Service,
    tx: &mut Tx,
    scene: &Scene,
    activation: &StoredActivation,
    choice: &WillChoice,
) -> Result<Asked, Error> {
    if scene.policy.will.ways().is_empty() {
        return Ok(Asked { kept: None, view: None, face: None });
    }
    let offered = offered(service, tx, scene).await?;
    let chosen = match choice.by {
        Some(by) => {
            let unavailable = Refusal::WillUnavailable { way: by.as_str() };
            offered.into_iter().find(|it| it.by == by).ok_or(unavailable)?
        }
        None => {
            let usual = offered.into_iter().find(|it| it.by.is_code() || it.registered);
            usual.ok_or(Refusal::PolicyUnmet { what: "will" })?
        }
    };
    match chosen.by {
        WillWay::Sms | WillWay::Email => code::ask(service, tx, scene, activation, chosen).await,
        WillWay::Face => face::ask(service, tx, scene, activation, choice, &chosen).await,
        WillWay::Passkey => passkey::ask(service, tx, scene, chosen).await,
    }
}

/// Begins what has to be begun once the activation is on record.
pub(super) async fn begin(
    service: &Service,
    signer: &Signer,
    activation: ActivationId,
    asked: &mut Asked,
) -> Result<(), Error> {
    if let Some(wanted) = asked.face.take() {
        asked.view = Some(face::begin(service, signer, activation, wanted).await?);
    }
    Ok(())
}

/// Takes what the signer brings for the check. One that was passed stays passed; a wrong code costs a try of this
/// activation. Gives what a passkey said, where one was asked beside what opens the key.
pub(super) async fn check(
    service: &Service,
    signer: &Signer,
    scene: &Scene,
    activation: &StoredActivation,
    brought: &mut Agreement,
) -> Result<Option<Witness>, Error> {
    let Some(will) = Will::of(activation)? else {
        let nothing_asked = scene.policy.will.ways().is_empty();
        return if nothing_asked { Ok(None) } else { Err(Refusal::WillMissing.into()) };
    };
    if will.passed_at.is_some() {
        // A witness that is sent again, beside a PIN that was mistyped, opens no key.
        if will.by == WillWay::Passkey && !opens_with_passkey(scene) {
            brought.credential = None;
        }
        return Ok(will.witness);
    }
    match will.by {
        WillWay::Sms | WillWay::Email => {
            code::check(service, scene, activation, will, brought.code.as_deref()).await.map(|()| None)
        }
        WillWay::Face => face::check(service, scene, activation).await.map(|()| None),
        // What opens the key is asked next: it is the same assertion.
        WillWay::Passkey if opens_with_passkey(scene) => Ok(None),
        WillWay::Passkey => {
            let credential = brought.credential.take().ok_or(Refusal::WillMissing)?;
            passkey::check(service, signer, scene, activation, will, &credential).await.map(Some)
        }
    }
}

/// How the check of an offered activation stands; a provider is asked about a face.
///
/// # Errors
/// [`Error::NotFound`] where it is not this signer's, or has no check; [`Refusal::ActivationExpired`],
/// [`Refusal::ActivationUsed`], [`Refusal::ProviderUnavailable`].
pub async fn will(
    service: &Service,
    signer: &Signer,
    activation: ActivationId,
) -> Result<view::WillAsked, Error> {
    let now = service.now();
    let mut reader = service.store().read().await?;
    let offered = reader.activation(activation).await?;
    let offered = offered.filter(|it| it.recipient_id == signer.recipient()).ok_or(Error::NotFound)?;
    if offered.state != ActivationState::Offered {
        return Err(Refusal::ActivationUsed.into());
    }
    in_time(&offered, now)?;
    let will = Will::of(&offered)?.ok_or(Error::NotFound)?;
    let scene = Scene::load(&mut reader, &signer.session, now).await?;
    drop(reader);
    let allowed = service.limiter().take(Rate::POLL, &signer.recipient().to_string(), now).is_ok();
    match will.by {
        WillWay::Face => face::poll(service, &scene, &offered, allowed).await,
        WillWay::Sms | WillWay::Email => {
            code::view_of(&mut service.store().read().await?, &scene, &will).await
        }
        WillWay::Passkey => {
            let mut reader = service.store().read().await?;
            passkey::view_of(service, &mut reader, &scene, &will).await
        }
    }
}

pub use self::passkey::{register as will_passkey, register_options as will_passkey_options};

fn opens_with_passkey(scene: &Scene) -> bool {
    scene.key.as_ref().is_some_and(|held| opened_by(&held.key.stored) == Custody::Passkey)
}

fn state(passed: bool) -> view::WillState {
    if passed { view::WillState::Passed } else { view::WillState::Open }
}

/// An event of the check, which names the activation that it is for.
fn about(activation: &StoredActivation, by: WillWay) -> Body {
    Body::new().with("activation", hex::encode(activation.digest)).with("by", by.as_str())
}

/// Keeps how the check stands, and says so on record.
async fn keep(
    tx: &mut Tx,
    scene: &Scene,
    activation: &StoredActivation,
    will: &Will,
    kind: &'static str,
    body: Body,
) -> Result<(), Error> {
    match tx.put_will(activation.id, &serde_json::to_string(will)?).await {
        Err(store::Error::Conflict) => return Err(Refusal::ActivationUsed.into()),
        kept => kept?,
    }
    tx.append_event(scene.event(kind, body)).await?;
    Ok(())
}
