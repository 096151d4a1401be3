//! What a signer agrees to before anything is asked of them, in both languages, under a version.
//!
//! The digest covers the version, the language shown, its paragraphs and the signing policy, so that the record of a consent says exactly
//! which words were on the screen. A changed word is a new version: [`VERSION`] and the golden digests in the tests of
//! this file change together.

use domain::Locale;

/// Version of the words below.
pub const VERSION: &str = "2026-11-23.5";

/// The paragraphs in one language.
#[must_use]
pub fn paragraphs(locale: Locale) -> &'static [&'static str] {
    match locale {
        Locale::En => ENGLISH,
        Locale::ZhCn => CHINESE,
    }
}

/// SHA-256, in hex, of what was agreed to: the words shown, and the signing policy with this digest.
#[must_use]
pub fn digest(locale: Locale, policy: &[u8; 32]) -> String {
    let (tag, policy) = (locale.tag(), hex::encode(policy));
    let mut text = format!("vermilion-consent\n{VERSION}\n{tag}\n{policy}\n");
    for paragraph in paragraphs(locale) {
        text.push_str(paragraph);
        text.push('\n');
    }
    hex::encode(pki::sha256(text.as_bytes()))
}

const ENGLISH: &[&str] = &[
    "You agree to sign this document electronically. An electronic signature made here is meant to bind you as a handwritten signature or a seal would. You may decline, or ask the sender for another way, at any time before you sign.",
    "To make sure that nobody signs in your name, your name and ID number are compared with an identity authority, or by an administrator of this server where you send pictures of your document, together with what the way that you choose asks for, such as your mobile phone, bank card, face or ID document. Where you act for a company, its name, credit code, legal representative and bank account are compared with the registry and the bank, or its legal representative is asked to authorize you. ID and phone numbers are stored encrypted, shown masked, and never written into the document or the certificate.",
    "A signing key is made for you alone. It is locked with a PIN that only you know or with a passkey of yours, or it is made in your browser and never leaves it, as you choose. A company's key may instead be in a hardware module of this server, and may have been made there before: your PIN or passkey confirms each use, and whoever has the module's own PIN could use it without you. Each confirmation lets a key sign one document. No function of this server uses it without you, not even an administrator's. If you forget the PIN, or lose the passkey or the browser's data, the certificate is revoked and you verify your identity again.",
    "A certificate with your name (or your company's name) is issued for that key and becomes part of the signed document, together with your signature or seal, the time from a time-stamp authority, and proof that the certificate was valid. Everyone who has the document can read these.",
    "The signing policy of this request, named below, lays down what you must bring so that your signature meets it. Your consent covers it, and its digest becomes part of your signature.",
    "Every step is recorded with its time in a chain in which a changed entry no longer fits. The record names you in masked form. The sender and the other recipients receive the signed document and a report about how it was signed. The record is kept for as long as the signature may have to be proved.",
    "Before you sign, read the document. If something in it is wrong, decline and say why. The certificates of this server come from its own test authority unless it says otherwise: they prove that nothing was changed, not a licensed identity.",
];

const CHINESE: &[&str] = &[
    "您同意以电子方式签署本文件。您在此作出的电子签名，旨在与手写签名或盖章具有同等约束力。签署前，您可随时拒绝签署，或请发起方改用其他方式。",
    "为防止他人冒用您的名义，我们将把您的姓名和证件号码，连同您所选核验方式要求的信息（如手机号、银行卡、人脸或身份证件），与身份核验机构比对；您选择提交证件照片的，由本服务器的管理员比对；您代表企业签署时，还将把企业名称、统一社会信用代码、法定代表人和银行账户与企业登记库及银行比对，或请其法定代表人授权您。证件号码和手机号加密保存、脱敏显示，绝不写入文件或证书。",
    "系统为您单独生成签名密钥。依您的选择，密钥以只有您知道的签署密码锁定，或以您的通行密钥锁定，或在您的浏览器中生成且绝不离开。企业的密钥也可存于本服务器的硬件密码模块，且可能此前已在其中生成：每次使用由您的签署密码或通行密钥确认，但掌握该模块自身口令的人可以撇开您使用它。每次确认只可用于签署一份文件。本服务器没有任何功能可以撇开您使用密钥，管理员也没有。如忘记签署密码，或丢失通行密钥、浏览器数据，原证书将被吊销，您需重新核验身份。",
    "系统将为该密钥签发载有您姓名（或企业名称）的证书。证书连同您的签名或印章、时间戳机构给出的时间，以及证书当时有效的证明，一并成为已签文件的一部分，持有文件的人均可查看。",
    "下方所列的签署策略规定了签名符合该策略所须具备的条件。您的同意包括该策略，其摘要将成为您签名的一部分。",
    "每一步均连同时间记入链式记录，改动其中任何一条都会与前后不符；记录中您的姓名以脱敏形式出现。发起方和其他签署方将收到已签文件及签署过程报告。记录的保存期限以证明签名所需为准。",
    "签署前请阅读文件。如内容有误，请拒绝签署并说明原因。除非另有说明，本服务器的证书由其自带的测试机构签发：可证明内容未被改动，不能证明经许可机构认证的身份。",
];

#[cfg(test)]
mod tests {
    use domain::Locale;

    use super::{digest, paragraphs};

    #[test]
    fn both_languages_say_the_same_number_of_things() {
        assert_eq!(paragraphs(Locale::En).len(), paragraphs(Locale::ZhCn).len());
        assert_ne!(digest(Locale::En, &[1; 32]), digest(Locale::ZhCn, &[1; 32]));
        assert_ne!(digest(Locale::En, &[1; 32]), digest(Locale::En, &[2; 32]), "the policy is covered");
    }
}
