//! A letter that was signed in the PDF: who signed it, whether that holds, and whether they may speak for the company. The
//! machine says what it found; the reviewer decides.

use std::sync::Arc;

use domain::{Name, Refusal, ReviewId, ReviewImageId};
use store::OrganizationVerification;

use super::office::{in_hand, kept};
use crate::account::Actor;
use crate::{Error, Service, verify, view};

/// Judges the signatures of a letter, for the administrator who has its check in hand.
///
/// # Errors
/// [`Error::NotFound`] for others, and for pictures; `review_unclaimed`, `review_decided`.
pub async fn verdict(
    service: &Service,
    actor: &Actor,
    id: ReviewId,
    image: ReviewImageId,
) -> Result<view::LetterVerdict, Error> {
    let (image, sealed) = kept(service, actor, id, image).await?;
    if image.media != "application/pdf" {
        return Err(Error::NotFound);
    }
    let (bytes, run) = {
        let mut tx = service.store().begin().await?;
        let review = in_hand(&mut tx, actor, id, service.now()).await?;
        let run = tx.organization_verification(review.verification_id).await?;
        (tx.open_image(image.id, &sealed)?, run.ok_or(Refusal::ReviewDecided)?)
    };
    let verification = verify::verify_source(service, "letter.pdf", Arc::new(bytes)).await?;
    // A document time-stamp is nobody's signature.
    let signed = verification.signatures.iter().filter(|it| it.kind != "doc-timestamp");
    let signers = signed.map(|it| signer(it, &run)).collect();
    Ok(view::LetterVerdict { verification, signers })
}

fn signer(it: &view::VerifiedSignature, run: &OrganizationVerification) -> view::LetterSigner {
    view::LetterSigner {
        field: it.field.clone(),
        name: it.signer.clone(),
        holds: it.indication == "TOTAL-PASSED",
        signs_as: it.signer_subject.as_ref().map_or(view::LetterSignsAs::Other, |it| signs_as(it, run)),
    }
}

/// What the certificate says of its holder, beside what the registry said of the company.
fn signs_as(it: &view::VerificationSubject, run: &OrganizationVerification) -> view::LetterSignsAs {
    // `NTRCN-` and the code, as EN 319 412-1 §5.1.4 writes it; some authorities write the code alone.
    let identifier = it.organization_identifier.as_deref();
    let code = identifier.map(|it| it.rsplit_once('-').map_or(it, |(_, code)| code));
    if let Some(code) = code {
        // A code says more than a name: another's code beside this name is another company.
        return match code.eq_ignore_ascii_case(run.credit_code.as_str()) {
            true => view::LetterSignsAs::Company,
            false => view::LetterSignsAs::Other,
        };
    }
    let named = |value: &Option<String>, name: &Name| {
        value.as_deref().is_some_and(|it| Name::parse(it).is_ok_and(|it| it.matches(name)))
    };
    if named(&it.organization, &run.name) || named(&it.common_name, &run.name) {
        view::LetterSignsAs::CompanyByName
    } else if it.organization.is_none() && named(&it.common_name, &run.legal_representative) {
        view::LetterSignsAs::LegalRepresentative
    } else {
        view::LetterSignsAs::Other
    }
}

#[cfg(test)]
mod tests {
    use domain::organization::OrganizationState;
    use store::{OrganizationVerification, Proof};

    use super::*;
    use crate::view::LetterSignsAs as As;

    fn run() -> OrganizationVerification {
        let at = "2026-11-23T04:00:00Z".parse().expect("a time");
        OrganizationVerification {
            id: "idv_0192f0c1a2b37c4d8e5f60718293a4b5".parse().expect("an id"),
            recipient_id: "rcp_0192f0c1a2b37c4d8e5f60718293a4b5".parse().expect("an id"),
            organization_id: None,
            person_id: "per_0192f0c1a2b37c4d8e5f60718293a4b5".parse().expect("an id"),
            state: OrganizationState::LetterSubmitted,
            way: None,
            refused: None,
            provider: "sandbox".to_owned(),
            name: Name::parse("北京朱砂科技有限公司").expect("a name"),
            credit_code: domain::CreditCode::parse("91110105MA01CHEN75").expect("a code"),
            legal_representative: Name::parse("陈晓雨").expect("a name"),
            method: "three_elements".to_owned(),
            transaction: None,
            proof: Proof {
                transaction: String::new(),
                factors: Vec::new(),
                score: None,
                answer_sha256: String::new(),
                at,
            },
            answer: String::new(),
            created_at: at,
            verified_at: None,
            expires_at: None,
        }
    }

    #[test]
    fn who_signs_is_told_by_the_code_then_by_the_name() {
        let holder =
            |name: &str, organization: Option<&str>, identifier: Option<&str>| view::VerificationSubject {
                common_name: Some(name.to_owned()),
                organization: organization.map(str::to_owned),
                organization_identifier: identifier.map(str::to_owned),
                country: Some("CN".to_owned()),
            };
        let company = "北京朱砂科技有限公司";
        for (name, organization, identifier, expected) in [
            (company, Some(company), Some("NTRCN-91110105MA01CHEN75"), As::Company),
            ("合同专用章", None, Some("91110105ma01chen75"), As::Company),
            // The name of this company, and the code of another.
            (company, Some(company), Some("NTRCN-91440300MA5EXAMP0C"), As::Other),
            (company, None, None, As::CompanyByName),
            ("王建国", Some(company), None, As::CompanyByName),
            ("陈晓雨", None, None, As::LegalRepresentative),
            // A namesake at another company.
            ("陈晓雨", Some("深圳远帆贸易有限公司"), None, As::Other),
            ("王建国", None, None, As::Other),
        ] {
            let it = holder(name, organization, identifier);
            assert_eq!(signs_as(&it, &run()), expected, "{name} {organization:?} {identifier:?}");
        }
    }
}
