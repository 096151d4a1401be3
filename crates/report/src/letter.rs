//! A letter of authorization (授权书) to be sealed on paper, or signed as a PDF: a company authorizes an agent, in Chinese and
//! English.

use jiff::Timestamp;
use jiff::tz::Offset;
use serde::Serialize;

use crate::{Error, typeset};

/// What the letter says.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Its number.
    pub number: String,
    /// When it is drawn up.
    pub at: Timestamp,
    /// The company, as registered.
    pub organization: String,
    /// Its unified social credit code.
    pub credit_code: String,
    /// Who leads it.
    pub legal_representative: String,
    /// Who is authorized.
    pub agent: String,
    /// The agent's ID number, masked.
    pub agent_number: String,
    /// The document for which it is first needed.
    pub purpose: String,
    /// Address of the server.
    pub server: String,
}

#[derive(Serialize)]
struct Data<'a> {
    number: &'a str,
    day: String,
    organization: &'a str,
    credit_code: &'a str,
    legal_representative: &'a str,
    agent: &'a str,
    agent_number: &'a str,
    purpose: &'a str,
    server: &'a str,
}

/// Typesets the letter: one page, PDF/A-2b.
///
/// # Errors
/// [`Error`] only for a fault in the template.
pub fn letter(it: &Letter) -> Result<Vec<u8>, Error> {
    let data = Data {
        number: &it.number,
        day: Offset::constant(8).to_datetime(it.at).strftime("%Y-%m-%d").to_string(),
        organization: &it.organization,
        credit_code: &it.credit_code,
        legal_representative: &it.legal_representative,
        agent: &it.agent,
        agent_number: &it.agent_number,
        purpose: &it.purpose,
        server: &it.server,
    };
    typeset::pdf(include_str!("../templates/letter.typ"), &data, &it.number, it.at)
}
