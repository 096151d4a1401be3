//! What is kept of a check: how sure it is, by what means, and commitments to the name and number that it was about.

use domain::policy::Assurance;
use domain::{IdDocument, Name, Rng, review};
use evidence::Body;
use providers::{Answer, Factor, PersonMethod};
use store::{IdentityVerification, Proof};

/// How sure it is who somebody is, from what was shown.
///
/// A face counts most: it was compared with the authority's photograph. A code counts where the phone that it came to
/// was compared (or the bank knows it), since the person then holds what the authority knows to be theirs.
///
/// A picture of a document is worth what [`review`] says.
pub(super) fn assurance(factors: &[String]) -> Assurance {
    let has = |factor: Factor| factors.iter().any(|it| it == factor.as_str());
    let named = has(Factor::Name) && has(Factor::IdNumber);
    if named && has(Factor::Face) {
        Assurance::High
    } else if named && has(Factor::PhoneCode) && (has(Factor::Phone) || has(Factor::BankCard)) {
        Assurance::Substantial
    } else if has(Factor::Document) && has(Factor::Presented) {
        review::ASSURANCE_OF_PRESENTED_DOCUMENT
    } else {
        Assurance::Low
    }
}

/// How sure it is after this method, where all goes well.
pub(crate) fn reached_by(method: PersonMethod) -> Assurance {
    let code = method.is_elements().then_some(&Factor::PhoneCode);
    let presented = (method == PersonMethod::DocumentPhoto).then_some(&Factor::Presented);
    let factors: Vec<String> = method
        .factors()
        .iter()
        .chain(code)
        .chain(presented)
        .map(|factor| factor.as_str().to_owned())
        .collect();
    assurance(&factors)
}

/// The means by which a person was verified, as views and records name them.
pub(crate) fn how(it: &IdentityVerification) -> Vec<String> {
    let has = |factor: Factor| it.proof.factors.iter().any(|known| known == factor.as_str());
    let means = [
        (Factor::Document, "document"),
        (Factor::Presented, "presented"),
        (Factor::BankCard, "bank_card"),
        (Factor::Face, "face"),
        (Factor::PhoneCode, "phone_code"),
    ];
    let shown = means.into_iter().filter(|(factor, _)| has(*factor)).map(|(_, word)| word.to_owned());
    // Whose document somebody here looked at, no register was asked about.
    let register = (!has(Factor::Document)).then(|| "register".to_owned());
    register.into_iter().chain(shown).collect()
}

/// What an answer proves.
pub(crate) fn proof<V>(answer: &Answer<V>, factors: &[Factor], score: Option<u8>) -> Proof {
    Proof {
        transaction: answer.transaction.clone(),
        factors: factors.iter().map(|factor| factor.as_str().to_owned()).collect(),
        score,
        answer_sha256: hex::encode(answer.raw_sha256()),
        at: answer.at,
    }
}

/// An answer's bytes as text: as they are, else in hexadecimal.
pub(crate) fn text_of(raw: &[u8]) -> String {
    match std::str::from_utf8(raw) {
        Ok(text) => text.to_owned(),
        Err(_) => format!("hex:{}", hex::encode(raw)),
    }
}

/// A salt of 256 random bits.
pub(super) fn salt(rng: &dyn Rng) -> String {
    let mut salt = [0; 32];
    rng.fill(&mut salt);
    hex::encode(salt)
}

/// Commitments to name and number: who has the salt and both can show that this check was about them; who has the log
/// alone learns nothing, not even by trying all numbers. Once the salt is erased, they name nobody.
pub(super) fn commit(body: Body, salt: &str, name: &Name, document: &IdDocument) -> Body {
    let number = format!("{}:{}", document.kind(), document.reveal());
    body.with("name_commitment", commitment(salt, "name", name.as_str()))
        .with("number_commitment", commitment(salt, "number", &number))
}

fn commitment(salt: &str, what: &str, value: &str) -> String {
    hex::encode(pki::sha256(format!("vermilion-commitment-v1\n{salt}\n{what}\n{value}").as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(factors: &[Factor]) -> Vec<String> {
        factors.iter().map(|factor| factor.as_str().to_owned()).collect()
    }

    #[test]
    fn assurance_follows_from_what_was_shown() {
        use Factor::{BankCard, Document, Face, IdNumber, Name, Phone, PhoneCode, Presented};
        for (factors, expected) in [
            (&[][..], Assurance::Low),
            (&[Name, IdNumber], Assurance::Low),
            // A code to a phone that nobody compared shows nothing about the name.
            (&[Name, IdNumber, PhoneCode], Assurance::Low),
            (&[Name, IdNumber, Phone], Assurance::Low),
            (&[Name, IdNumber, Phone, PhoneCode], Assurance::Substantial),
            (&[Name, IdNumber, Phone, BankCard, PhoneCode], Assurance::Substantial),
            (&[Name, IdNumber, Face], Assurance::High),
            (&[Face], Assurance::Low),
            // No authority was asked: never high.
            (&[Document], Assurance::Low),
            (&[Presented], Assurance::Low),
            (&[Document, Presented], Assurance::Substantial),
        ] {
            assert_eq!(assurance(&words(factors)), expected, "{factors:?}");
        }
    }

    #[test]
    fn a_commitment_depends_on_salt_purpose_and_value() {
        let all = [("a", "name", "x"), ("b", "name", "x"), ("a", "number", "x"), ("a", "name", "y")];
        let distinct: std::collections::BTreeSet<_> =
            all.map(|(salt, what, value)| commitment(salt, what, value)).into();
        assert_eq!(distinct.len(), 4);
        assert_eq!(commitment("a", "name", "x"), commitment("a", "name", "x"));
    }
}
