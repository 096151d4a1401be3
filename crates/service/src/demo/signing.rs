//! One recipient's ceremony, from the link to the signature.

use std::time::Instant;

use domain::Locale;
use seal::{Point, Purpose, Stroke};

use super::{Cast, Demo, missing};
use crate::ceremony::{self, FieldValue, ImpressionBody, ShownDocument, Signer};
use crate::error::Error;
use crate::identity::PersonInput;
use crate::{sandbox, view};

const PIN: &str = "749281";
const ADDRESS: &str = "北京市朝阳区朱砂路 8 号 3 单元 502 室";

pub(super) async fn sign(demo: &mut Demo<'_>, cast: &Cast) -> Result<(), Error> {
    let service = demo.service;
    let who = cast.company.map_or(cast.resident.name, |company| company.name);

    let begun = Instant::now();
    let link = demo.link_to(cast.email).await?;
    let (recipient, secret) = link
        .rsplit_once("/sign/")
        .and_then(|(_, rest)| rest.split_once('#'))
        .ok_or_else(|| missing("recipient and secret in the link"))?;
    let recipient = recipient.parse().map_err(Error::internal)?;
    let opened = ceremony::open(service, recipient, secret, None).await?;
    let session = opened.session.ok_or_else(|| missing("a session"))?;
    let signer = ceremony::resume(service, recipient, &session.token).await?;
    ceremony::view(service, &signer).await?;
    let version = opened.ceremony.consent.version.as_str();
    ceremony::consent(service, &signer, version, Locale::ZhCn).await?;
    demo.done(format!("{who}: link opened, consent given"), begun);

    let begun = Instant::now();
    let it = cast.resident;
    let input = PersonInput::resident(it.name, it.id_number, it.phone);
    ceremony::identity(service, &signer, &input).await?;
    let code = demo.code_to(it.phone).await?;
    ceremony::identity_code(service, &signer, &code).await?;
    demo.done(format!("{who}: real name of {} verified against the sandbox register", it.name), begun);

    if cast.company.is_some() {
        organization(demo, cast, &signer).await?;
    }

    let begun = Instant::now();
    let shown = fill(demo, &signer).await?;
    ceremony::add_impression(service, &signer, impression(cast)).await?;
    demo.done(format!("{who}: fields filled, signature or seal drawn"), begun);

    let begun = Instant::now();
    let ready = if shown.key.state == view::KeyState::None {
        ceremony::key(service, &signer, PIN).await?
    } else {
        shown
    };
    let serial = ready.certificate.as_ref().map(|it| it.serial.clone()).unwrap_or_default();
    demo.done(format!("{who}: key made, certificate {serial} issued"), begun);

    let begun = Instant::now();
    let documents = ready
        .envelope
        .documents
        .iter()
        .map(|it| {
            Ok(ShownDocument { id: it.id.parse().map_err(Error::internal)?, sha256: it.sha256.clone() })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    let signed = ceremony::sign(service, &signer, PIN, Locale::ZhCn, documents).await?;
    let level = signed.result.map(|it| it.level).ok_or_else(|| missing("the signature"))?;
    demo.done(format!("{who}: signed at {level}"), begun);
    Ok(())
}

async fn organization(demo: &mut Demo<'_>, cast: &Cast, signer: &Signer) -> Result<(), Error> {
    let begun = Instant::now();
    let service = demo.service;
    let Some(company) = cast.company else { return Ok(()) };
    // An agent who was verified before is recognised.
    let state = ceremony::show(service, signer).await?;
    if state.organization.as_ref().is_none_or(|it| it.state != view::OrganizationState::Verified) {
        let (name, code, leader) = (company.name, company.credit_code, company.legal_representative);
        ceremony::organization(service, signer, name, code, leader, None).await?;
        ceremony::payment(service, signer, company.account_number, None).await?;
        let statement = sandbox::bank(service, Some(company.account_number)).await?;
        let arrived = statement.transfers.first().ok_or_else(|| missing("the transfer"))?;
        let fen = u32::try_from(arrived.amount_fen).map_err(Error::internal)?;
        ceremony::payment_confirm(service, signer, fen).await?;
    }
    demo.done(format!("{}: verified by registry and payment", company.name), begun);
    Ok(())
}

async fn fill(demo: &Demo<'_>, signer: &Signer) -> Result<view::Ceremony, Error> {
    let shown = ceremony::show(demo.service, signer).await?;
    let texts = shown.fields.iter().filter(|field| field.r#type == view::FieldType::Text);
    let values = texts
        .map(|field| {
            let id = field.id.parse().map_err(Error::internal)?;
            Ok(FieldValue { id, value: Some(ADDRESS.to_owned()) })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    ceremony::fields(demo.service, signer, values).await
}

fn impression(cast: &Cast) -> ImpressionBody {
    match cast.company {
        None => ImpressionBody::Drawn { strokes: scribble(), width: 600.0, height: 240.0 },
        Some(_) => ImpressionBody::SealDrawn {
            purpose: Purpose::Contract,
            number: Some("4403010012345".to_owned()),
            diameter_mm: None,
        },
    }
}

/// A signature as a hurried hand leaves it: two strokes with changing speed.
fn scribble() -> Vec<Stroke> {
    let stroke = |from: f64, width: f64, turns: f64, height: f64| -> Stroke {
        (0..=90)
            .map(|step| {
                let t = f64::from(step) / 90.0;
                let wave = (t * turns * std::f64::consts::TAU).sin();
                Point {
                    x: from + width * t + 18.0 * (t * 31.0).cos(),
                    y: 130.0 - height * wave * (1.0 - 0.55 * t) + 30.0 * t,
                    t: Some(f64::from(step) * (6.0 + 5.0 * wave.abs())),
                    p: None,
                }
            })
            .collect()
    };
    vec![stroke(40.0, 210.0, 2.5, 70.0), stroke(230.0, 320.0, 5.0, 48.0)]
}
