//! Making a signature or a seal, and adopting it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::ceremony::Step;
use domain::{ImpressionId, Refusal};
use evidence::Body;
use seal::{CompanySeal, Impression, Purpose, Stroke};
use serde::Deserialize;
use store::StoredImpression;

use super::{Scene, Signer, show};
use crate::core::Service;
use crate::error::Error;
use crate::view;

/// The usual diameter of a company's seal, in mm.
const DIAMETER_MM: f64 = 40.0;
/// The largest picture of a seal, in bytes.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// How an impression is made.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum ImpressionBody {
    /// A signature drawn on a pad.
    Drawn {
        /// Pen strokes: points with `x`, `y`, and where known time `t` (ms) and pressure `p` (0 to 1).
        #[cfg_attr(feature = "schema", schema(value_type = Vec<Vec<StrokePoint>>))]
        strokes: Vec<Stroke>,
        /// Width of the pad, in the unit of the points.
        width: f64,
        /// Height of the pad.
        height: f64,
    },
    /// A signature set from a typed name.
    Typed {
        /// The name.
        text: String,
    },
    /// A round company seal.
    SealDrawn {
        /// What stands below the star: `company`, `contract`, `finance` or `personnel`.
        #[cfg_attr(feature = "schema", schema(value_type = SealPurpose))]
        purpose: Purpose,
        /// Registration number.
        number: Option<String>,
        /// Diameter in mm, 38 to 45; 40 where it is not given.
        diameter_mm: Option<f64>,
    },
    /// A seal from a picture.
    SealUploaded {
        /// PNG or JPEG, Base64.
        image_base64: String,
        /// Width in mm.
        diameter_mm: f64,
    },
}

/// A point of a stroke, in the schema.
#[cfg(feature = "schema")]
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the points of the crate seal to the API's readers")]
pub(crate) struct StrokePoint {
    x: f64,
    y: f64,
    t: Option<f64>,
    p: Option<f64>,
}

/// What a seal is for, in the schema.
#[cfg(feature = "schema")]
#[derive(utoipa::ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "describes the words of the crate seal to the API's readers")]
pub(crate) enum SealPurpose {
    /// 公章
    Company,
    /// 合同专用章
    Contract,
    /// 财务专用章
    Finance,
    /// 人事专用章
    Personnel,
}

impl ImpressionBody {
    fn kind(&self) -> &'static str {
        match self {
            Self::Drawn { .. } => "drawn",
            Self::Typed { .. } => "typed",
            Self::SealDrawn { .. } => "seal_drawn",
            Self::SealUploaded { .. } => "seal_uploaded",
        }
    }

    pub(super) fn suits(&self, scene: &Scene) -> bool {
        let seal = matches!(self, Self::SealDrawn { .. } | Self::SealUploaded { .. });
        seal == (scene.is_organization() && !scene.signs_as_agent())
    }

    pub(super) fn draw(self, organization: Option<&str>) -> Result<Impression, seal::Error> {
        match self {
            Self::Drawn { strokes, width, height } => {
                let pad = width.is_finite() && height.is_finite() && width > 0.0 && height > 0.0;
                if !pad {
                    return Err(seal::Error::Empty);
                }
                Impression::from_strokes(&strokes)
            }
            Self::Typed { text } => Impression::typed(&text),
            Self::SealDrawn { purpose, number, diameter_mm } => Impression::company(&CompanySeal {
                name: organization.unwrap_or_default().to_owned(),
                purpose,
                number: number.filter(|number| !number.trim().is_empty()),
                diameter_mm: diameter_mm.unwrap_or(DIAMETER_MM),
            }),
            Self::SealUploaded { image_base64, diameter_mm } => {
                if image_base64.len() > MOST_BYTES / 3 * 4 {
                    return Err(seal::Error::TooLarge);
                }
                let data = image_base64.split_once("base64,").map_or(image_base64.as_str(), |(_, data)| data);
                let bytes =
                    STANDARD.decode(data.trim()).map_err(|error| seal::Error::Image(error.to_string()))?;
                Impression::from_image(&bytes, diameter_mm)
            }
        }
    }
}

/// Makes an impression and adopts it. People sign, organizations seal.
///
/// # Errors
/// [`Refusal::ImpressionEmpty`], [`Refusal::ImpressionImageInvalid`], [`Refusal::ImpressionTooLarge`],
/// [`Refusal::FieldTypeMismatch`] for a seal of a person or a signature of an organization.
pub async fn add_impression(
    service: &Service,
    signer: &Signer,
    body: ImpressionBody,
) -> Result<view::Ceremony, Error> {
    let now = service.now();
    let mut reader = service.store().read().await?;
    let scene = Scene::load(&mut reader, &signer.session, now).await?;
    drop(reader);
    scene.require(Step::Document)?;
    if !body.suits(&scene) {
        return Err(Refusal::FieldTypeMismatch { name: scene.recipient.shown_name().to_owned() }.into());
    }
    let kind = body.kind();
    let name = scene.verified_organization().map(|it| it.name.as_str().to_owned());
    // Reading a picture or setting forty glyphs takes a while: off the reactor.
    let drawn = tokio::task::spawn_blocking(move || body.draw(name.as_deref()))
        .await?
        .map_err(|error| refusal(&error))?;
    let mut tx = service.store().begin().await?;
    let mut scene = Scene::load(&mut tx, &signer.session, now).await?;
    scene.require(Step::Document)?;
    let person = scene.verified_identity().and_then(|identity| identity.person_id).ok_or(Error::NotFound)?;
    let stored = StoredImpression {
        id: ImpressionId::new(service.clock(), service.rng()),
        recipient_id: scene.recipient.id,
        person_id: person,
        organization_id: scene.impression_owner(),
        kind: kind.to_owned(),
        impression: serde_json::to_string(&drawn)?,
        created_at: now,
    };
    tx.insert_impression(&stored).await?;
    scene.ceremony.impression_id = Some(stored.id);
    tx.put_ceremony(&scene.ceremony).await?;
    let digest = hex::encode(pki::sha256(stored.impression.as_bytes()));
    let event =
        Body::new().with("impression", stored.id.to_string()).with("how", kind).with("digest", digest);
    tx.append_event(scene.event("impression.adopted", event)).await?;
    scene.impression = Some(stored);
    let ceremony = show::ceremony(service, &mut tx, &scene).await?;
    tx.commit().await?;
    Ok(ceremony)
}

pub(super) fn refusal(error: &seal::Error) -> Refusal {
    match error {
        seal::Error::Empty => Refusal::ImpressionEmpty,
        seal::Error::TooLarge => Refusal::ImpressionTooLarge,
        seal::Error::TooLong { .. } => Refusal::ImpressionImageInvalid { reason: "too_long" },
        seal::Error::NoGlyph(_) => Refusal::ImpressionImageInvalid { reason: "no_glyph" },
        seal::Error::Size { .. } => Refusal::ImpressionImageInvalid { reason: "size" },
        _ => Refusal::ImpressionImageInvalid { reason: "unreadable" },
    }
}
