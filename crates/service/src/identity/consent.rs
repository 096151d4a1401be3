//! The consent to process ID data, and the one to process a face: each for itself (PIPL Art. 29), in both languages, under
//! a version. Both can be refused; whoever refuses the face has another way.
//!
//! The digest covers purpose, version, language and paragraphs, as that of [`crate::ceremony::consent`] does.

use domain::{ConsentId, Locale, Refusal};
use evidence::Body;
use store::{ConsentDecision, DataConsent, Purpose, Tx};

use super::party::Party;
use crate::core::Service;
use crate::error::Error;

/// Version of the words below.
pub const VERSION: &str = "2026-11-23.2";

/// The paragraphs in one language.
#[must_use]
pub fn paragraphs(purpose: Purpose, locale: Locale) -> &'static [&'static str] {
    match (purpose, locale) {
        (Purpose::Identity, Locale::En) => IDENTITY_ENGLISH,
        (Purpose::Identity, Locale::ZhCn) => IDENTITY_CHINESE,
        (Purpose::Face, Locale::En) => FACE_ENGLISH,
        (Purpose::Face, Locale::ZhCn) => FACE_CHINESE,
        (Purpose::Photo, Locale::En) => PHOTO_ENGLISH,
        (Purpose::Photo, Locale::ZhCn) => PHOTO_CHINESE,
    }
}

/// SHA-256, in hex, of what was shown.
#[must_use]
pub fn digest(purpose: Purpose, locale: Locale) -> String {
    let mut text = format!("vermilion-data-consent\n{}\n{VERSION}\n{}\n", purpose.as_str(), locale.tag());
    for paragraph in paragraphs(purpose, locale) {
        text.push_str(paragraph);
        text.push('\n');
    }
    hex::encode(pki::sha256(text.as_bytes()))
}

/// Records a decision, unless the newest one says the same of the same words.
pub(crate) async fn record(
    service: &Service,
    tx: &mut Tx,
    party: &Party,
    purpose: Purpose,
    locale: Locale,
    decision: ConsentDecision,
) -> Result<(), Error> {
    let newest = party.decided(tx).await?.into_iter().find(|it| it.purpose == purpose);
    if newest.is_some_and(|it| it.decision == decision && it.version == VERSION && it.locale == locale) {
        return Ok(());
    }
    let it = DataConsent {
        id: ConsentId::new(service.clock(), service.rng()),
        decided_by: party.checked_for(),
        purpose,
        version: VERSION.to_owned(),
        digest: digest(purpose, locale),
        locale,
        decision,
        created_at: party.now(),
    };
    tx.insert_data_consent(&it).await?;
    let kind = match decision {
        ConsentDecision::Given => "identity.consent_given",
        ConsentDecision::Refused => "identity.consent_refused",
    };
    let body = Body::new()
        .with("consent", it.id.to_string())
        .with("purpose", purpose.as_str())
        .with("version", VERSION)
        .with("digest", it.digest.as_str())
        .with("language", locale.tag());
    tx.append_event(party.event(kind, body)).await?;
    Ok(())
}

/// Passes a consent to the words in force.
pub(crate) fn require_version(version: &str) -> Result<(), Refusal> {
    if version == VERSION { Ok(()) } else { Err(Refusal::ConsentVersion) }
}

const IDENTITY_ENGLISH: &[&str] = &[
    "So that nobody signs in your name, your name, the kind and number of your ID document and, depending on the way you choose, your mobile phone number or bank card number are compared with an identity authority, or by an administrator of this server where you send pictures. They go to the provider of that way; the phone number also to the carrier that brings you a code; and, where you are the legal representative of a company, name and number to the provider that asks the company registry. Nobody else gets them.",
    "They are stored encrypted and shown masked. What belongs to a check that was not passed is erased at once. Of a check that was passed they are erased once the records of the certificate no longer have to be kept; that it was passed, when, how and with whom stays.",
    "These are sensitive personal data. You may refuse, or withdraw this consent before you sign: then you cannot sign here, and can ask the sender for another way. Nothing else depends on it.",
];

const IDENTITY_CHINESE: &[&str] = &[
    "为防止他人冒用您的名义，您的姓名、证件类型和号码，以及（视您选择的方式而定）手机号或银行卡号，将与身份核验机构比对；您选择提交照片的，由本服务器的管理员比对。上述信息提供给该方式对应的核验服务方；手机号还会提供给发送验证码的短信服务方；您作为企业法定代表人时，姓名和号码还会提供给查询企业登记信息的服务方。除此之外不提供给任何人。",
    "上述信息加密保存、脱敏显示。核验未通过的，立即删除；核验通过的，在证书相关记录的法定保存期限届满后删除，仅保留核验通过这一事实及其时间、方式和核验机构。",
    "上述信息属于敏感个人信息。您可以拒绝，也可以在签署前撤回同意：届时您无法在此签署，可请发起方改用其他方式。除此之外不受任何影响。",
];

const FACE_ENGLISH: &[&str] = &[
    "For a face check, the provider that you choose takes pictures of your face and compares them with the photograph that the authority has. We are told whether they agree and, where the provider says it, how well. We neither get nor keep a picture of your face.",
    "You may refuse: the other ways to be verified stay open to you.",
];

const FACE_CHINESE: &[&str] = &[
    "进行人脸核验时，您选择的服务方将采集您的面部图像，并与权威机构留存的照片比对。我们只获得是否一致的结果，以及服务方给出的相似度；我们不获取、也不保存您的面部图像。",
    "您可以拒绝：仍可选择其他核验方式。",
];

const PHOTO_ENGLISH: &[&str] = &[
    "An administrator of this server looks at pictures of your ID document and compares them with what you typed. No authority is asked. If you add a picture of yourself holding the document, they also compare your face with its photograph; you may leave that picture out where it is not marked as needed.",
    "What your camera writes beside a picture, such as place and time, is removed. The pictures are stored encrypted, shown only to the administrator who decides, and each look at them is recorded. They are erased at once if you are refused or give up, and after the time that the operator of this server has set (30 days if nothing else was set) if you are approved. The decision, its time and digests of the pictures stay.",
    "Pictures of a document and of your face are sensitive personal data. You may refuse, or withdraw this consent before the decision: then the pictures are erased, and the other ways to be verified stay open to you.",
];

const PHOTO_CHINESE: &[&str] = &[
    "本服务器的管理员将查看您的证件照片，并与您填写的信息比对；不会向任何权威机构核查。如您附上手持证件的照片，管理员还会将您的面容与证件照片比对；未标明为必需时，您可以不提供该照片。",
    "相机写入照片的信息（如拍摄地点和时间）会被去除。照片加密保存，仅供作出决定的管理员查看，每次查看均有记录。未通过或您放弃的，照片立即删除；通过的，在本服务器运营者设定的期限（未另行设定时为30天）届满后删除。审核结论、时间和照片的摘要值予以保留。",
    "证件照片和面容照片属于敏感个人信息。您可以拒绝，也可以在作出决定前撤回同意：届时照片将被删除，您仍可选择其他核验方式。",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_say_the_same_number_of_things_and_every_text_has_its_own_digest() {
        let mut digests = std::collections::BTreeSet::new();
        for purpose in [Purpose::Identity, Purpose::Face, Purpose::Photo] {
            assert_eq!(
                paragraphs(purpose, Locale::En).len(),
                paragraphs(purpose, Locale::ZhCn).len(),
                "{purpose:?}"
            );
            digests.extend([Locale::En, Locale::ZhCn].map(|locale| digest(purpose, locale)));
        }
        assert_eq!(digests.len(), 6);
    }
}
