//! The sandbox's camera: a page on which one looks into it, or does not. Whoever has the page decides, as whoever holds the
//! phone does; that it decides nothing else is why it exists in test trust alone.

use serde::{Deserialize, Serialize};

use crate::core::Service;
use crate::error::Error;
use crate::view;

/// What is played before the camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum FaceOutcome {
    /// The person looks into it.
    Passed,
    /// Somebody else does.
    SomebodyElse,
    /// A photograph is held into it.
    Photograph,
    /// The page is left.
    Left,
}

impl FaceOutcome {
    fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::SomebodyElse => "somebody_else",
            Self::Photograph => "photograph",
            Self::Left => "left",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        let all = [Self::Passed, Self::SomebodyElse, Self::Photograph, Self::Left];
        all.into_iter().find(|outcome| outcome.as_str() == word)
    }
}

/// A face check, as the camera's page shows it.
///
/// # Errors
/// [`Error::NotFound`] where there is no sandbox, or where there is no such check.
pub async fn face(service: &Service, transaction: &str) -> Result<view::SandboxFace, Error> {
    super::require_sandbox(service)?;
    let found = service.store().read().await?.sandbox_face(transaction).await?.ok_or(Error::NotFound)?;
    Ok(view::SandboxFace {
        name_masked: domain::mask::name(&found.face.name),
        method: found.face.method,
        open: found.outcome.is_none() && service.now() < found.until,
        outcome: found.outcome.as_deref().and_then(FaceOutcome::parse),
        return_url: found.face.return_url,
        until: found.until.into(),
    })
}

/// Plays something before the camera. What was played first stays.
///
/// # Errors
/// As [`face`].
pub async fn play_face(
    service: &Service,
    transaction: &str,
    outcome: FaceOutcome,
) -> Result<view::SandboxFace, Error> {
    if face(service, transaction).await?.open {
        let mut tx = service.store().begin().await?;
        tx.decide_sandbox_face(transaction, outcome.as_str()).await?;
        tx.commit().await?;
    }
    face(service, transaction).await
}
