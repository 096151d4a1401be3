//! A letter of authorization (授权委托书): a company's legal representative authorizes an agent, in Chinese and English.

use jiff::Timestamp;
use serde::Serialize;

use crate::{Error, Place, typeset};

/// What the letter says.
#[derive(Clone, Debug, Serialize)]
pub struct AuthorizationLetter {
    /// Number of the letter.
    pub number: String,
    /// The day it is drawn up.
    pub at: Timestamp,
    /// The company, as registered.
    pub organization: String,
    /// Its unified social credit code.
    pub credit_code: String,
    /// Who leads it, and signs.
    pub legal_representative: String,
    /// Who is authorized.
    pub agent: String,
    /// The agent's ID number, masked.
    pub agent_number: String,
    /// Whether the agent may administer the company here, beside sealing.
    pub administer: bool,
    /// The document for which it was asked first.
    pub purpose: String,
}

/// A typeset letter with the places where it is to be signed.
#[derive(Clone, Debug)]
pub struct Authorization {
    /// The file: PDF/A-2b, A4.
    pub pdf: Vec<u8>,
    /// Where the legal representative signs.
    pub signature: Place,
    /// Where the date goes.
    pub date: Place,
}

/// Typesets the letter.
///
/// # Errors
/// [`Error`] only for a fault in the template.
pub fn authorization_letter(letter: &AuthorizationLetter) -> Result<Authorization, Error> {
    let template = include_str!("../templates/authorization.typ");
    let pdf = typeset::pdf(template, letter, &letter.number, letter.at)?;
    let place = |x, y, width, height| Place { page: 1, x, y, width, height };
    Ok(Authorization {
        pdf,
        signature: place(200.0, 640.0, 160.0, 60.0),
        date: place(200.0, 716.0, 150.0, 22.0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_letter_is_one_page() {
        let letter = AuthorizationLetter {
            number: "0123456789ab".to_owned(),
            at: "2026-11-23T04:00:00Z".parse().expect("a time"),
            organization: "上海（浦东）长三角国际供应链管理与信息技术服务股份有限公司".repeat(2),
            credit_code: "91310000MA1FTRY004".to_owned(),
            legal_representative: "古丽巴哈尔·阿卜杜热合曼".to_owned(),
            agent: "尼玛·扎西次仁·旺堆".to_owned(),
            agent_number: "540***********2624".to_owned(),
            administer: true,
            purpose: "设备采购合同 Equipment purchase contract ".repeat(5),
        };
        let made = authorization_letter(&letter).expect("a letter");
        let text = String::from_utf8_lossy(&made.pdf);
        assert!(text.starts_with("%PDF-"));
        assert_eq!(
            text.matches("/Type /Page\n").count() + text.matches("/Type/Page/").count(),
            1,
            "one page"
        );
    }
}
