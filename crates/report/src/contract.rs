//! The demonstration contract: an equipment purchase between a company and a person, in Chinese and English.

use jiff::Timestamp;
use serde::Serialize;

use crate::{Error, typeset};

/// What the contract says.
#[derive(Clone, Debug, Serialize)]
pub struct DemoContract {
    /// Contract number.
    pub number: String,
    /// The day it is drawn up.
    pub at: Timestamp,
    /// Party A: the person who signs.
    pub person: ContractParty,
    /// Party B: the company that seals.
    pub company: ContractParty,
}

/// A party of the contract.
#[derive(Clone, Debug, Serialize)]
pub struct ContractParty {
    /// Name.
    pub name: String,
}

/// A typeset contract with the places where it is to be signed.
#[derive(Clone, Debug)]
pub struct Contract {
    /// The file: PDF/A-2b, A4.
    pub pdf: Vec<u8>,
    /// Where the person signs.
    pub signature: Place,
    /// Where the person's date goes.
    pub date: Place,
    /// Where the person's address goes.
    pub text: Place,
    /// Where the company's seal goes.
    pub seal: Place,
    /// Where the company's date goes.
    pub seal_date: Place,
}

/// A rectangle on a page, in points from the top left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Page, from 1.
    pub page: u32,
    /// From the left edge.
    pub x: f64,
    /// From the top edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

/// The page that is signed: the template sets the signing block at fixed places of its second page.
const SIGNING_PAGE: u32 = 2;
/// 40 mm in points: a company seal's usual diameter.
const SEAL: f64 = 113.39;

/// Typesets the contract.
///
/// # Errors
/// [`Error`] only for a fault in the template.
pub fn demo_contract(contract: &DemoContract) -> Result<Contract, Error> {
    let template = include_str!("../templates/contract.typ");
    let pdf = typeset::pdf(template, contract, &contract.number, contract.at)?;
    let place = |x, y, width, height| Place { page: SIGNING_PAGE, x, y, width, height };
    Ok(Contract {
        pdf,
        signature: place(150.0, 436.0, 150.0, 56.0),
        text: place(150.0, 506.0, 150.0, 22.0),
        date: place(150.0, 540.0, 150.0, 22.0),
        seal: place(400.0, 410.0, SEAL, SEAL),
        seal_date: place(400.0, 540.0, 120.0, 22.0),
    })
}
