//! What test trust lets everyone see: the register's people and companies, and the bank's statements.

pub mod register;

use crate::config::Trust;
use crate::core::Service;
use crate::error::Error;
use crate::view;

/// The register.
///
/// # Errors
/// [`Error::NotFound`] outside test trust.
pub fn register(service: &Service) -> Result<view::SandboxRegister, Error> {
    require_test_trust(service)?;
    let people = register::PEOPLE
        .iter()
        .map(|it| view::SandboxPerson {
            name: it.name.to_owned(),
            id_number: it.id_number.to_owned(),
            phone: it.phone.to_owned(),
        })
        .collect();
    let organizations = register::COMPANIES
        .iter()
        .map(|it| view::SandboxOrganization {
            name: it.name.to_owned(),
            credit_code: it.credit_code.to_owned(),
            legal_representative: it.legal_representative.to_owned(),
            account_number: it.account_number.to_owned(),
            bank: it.bank.to_owned(),
            state: it.state.as_str().to_owned(),
        })
        .collect();
    Ok(view::SandboxRegister { people, organizations })
}

/// The newest transfers to an account, or to all.
///
/// # Errors
/// [`Error::NotFound`] outside test trust.
pub async fn bank(service: &Service, account: Option<&str>) -> Result<view::SandboxBank, Error> {
    require_test_trust(service)?;
    let account = account.map(str::trim).filter(|account| !account.is_empty());
    let transfers = service.store().read().await?.transfers(account).await?;
    let transfers = transfers
        .into_iter()
        .map(|it| view::SandboxTransfer {
            id: it.id.to_string(),
            account_number: it.statement.account_number,
            account_name: it.statement.account_name,
            amount_fen: it.statement.amount_fen.into(),
            remark: it.statement.remark,
            payer: it.statement.payer,
            at: it.at.into(),
        })
        .collect();
    Ok(view::SandboxBank { transfers })
}

fn require_test_trust(service: &Service) -> Result<(), Error> {
    match service.config().trust {
        Trust::Test => Ok(()),
        Trust::Licensed => Err(Error::NotFound),
    }
}
