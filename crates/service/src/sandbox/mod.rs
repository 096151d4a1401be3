//! What test trust lets everyone see and play: the register's people and companies, the camera, the bank's statements.

mod face;
pub mod register;

pub use self::face::{FaceOutcome, face, play_face};
use domain::TransferId;

use crate::core::Service;
use crate::error::Error;
use crate::view;

/// Whether the register ever verified anyone whom this data folder knows: such a folder is no good for production.
///
/// # Errors
/// Where storage fails.
pub async fn was_used(service: &Service) -> Result<bool, Error> {
    Ok(service.store().read().await?.has_verified(crate::identity::sandbox::PROVIDER).await?)
}

/// The register.
///
/// # Errors
/// [`Error::NotFound`] where there is no sandbox.
pub fn register(service: &Service) -> Result<view::SandboxRegister, Error> {
    require_sandbox(service)?;
    let people = register::PEOPLE
        .iter()
        .map(|it| view::SandboxPerson {
            name: it.name.to_owned(),
            document: it.document.into(),
            id_number: it.id_number.to_owned(),
            phone: it.phone.to_owned(),
            bank_card: Some(it.bank_card).filter(|card| !card.is_empty()).map(str::to_owned),
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
/// [`Error::NotFound`] where there is no sandbox.
pub async fn bank(service: &Service, account: Option<&str>) -> Result<view::SandboxBank, Error> {
    require_sandbox(service)?;
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
            returned_at: it.returned_at.map(view::Time::from),
        })
        .collect();
    Ok(view::SandboxBank { transfers })
}

/// Has the bank send a transfer back, days after it was made: what a company's closed account does.
///
/// # Errors
/// [`Error::NotFound`] where there is no sandbox, or where there is no such transfer, or it went back before.
pub async fn return_transfer(service: &Service, id: TransferId) -> Result<view::SandboxBank, Error> {
    require_sandbox(service)?;
    let mut tx = service.store().begin().await?;
    if !tx.return_transfer(id, service.now()).await? {
        return Err(Error::NotFound);
    }
    tx.commit().await?;
    bank(service, None).await
}

fn require_sandbox(service: &Service) -> Result<(), Error> {
    if service.has_sandbox() { Ok(()) } else { Err(Error::NotFound) }
}
