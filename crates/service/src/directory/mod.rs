//! Organizations' own directories: an organization names an OpenID provider as its own, and whoever signs in there is on
//! its staff, *according to the organization itself*.
//!
//! That is a statement of the organization about its people, and no real-name authentication: it neither opens the
//! identity step nor replaces the check of the organization. It comes beside both, is stored with issuer, subject (sealed;
//! events hold a salted commitment), the directory's words on how the person was authenticated, time and expiry, and is
//! shown as what it is.
//!
//! State, nonce and PKCE verifier of a sign-in stay here. Each is used once, in the browser that began it.

mod administer;
mod callback;
mod configure;
mod list;
mod login;
mod people;
mod record;

pub use administer::administer;
pub use callback::{StaffCallback, finish};
pub use configure::{DirectoryInput, configure, remove};
pub use list::list;
pub use login::{Begun, begin_for_account, begin_for_signer};
pub(crate) use people::erase_overdue;
pub use people::{people, remove_administrator, withdraw_statement};

pub(crate) use record::of_ceremony;

use std::time::Duration;

use jiff::SignedDuration;
use online::{Access, Caller, Fault, OpenIdError, RelyingParty, Roots};

use crate::config::Config;
use domain::Refusal;

/// Under which word a proof stands among the means by which a recipient was verified.
pub(crate) const HOW: &str = "organization_directory";

/// A working day: who left the organization this morning should not be its staff tomorrow.
const LIFETIME: SignedDuration = SignedDuration::from_hours(12);
/// How far a directory's clock may be off.
const SKEW: SignedDuration = SignedDuration::from_secs(60);
const CONNECT: Duration = Duration::from_secs(5);

/// Asks directories. Their addresses are organizations' choice: private ones are asked where the operator said so.
pub(crate) fn relying_party(config: &Config) -> RelyingParty {
    let access = Access::PublicAnd(config.oidc_private_hosts.clone());
    RelyingParty::new(Caller::guarded(access, Roots::Machine, CONNECT))
}

/// Where directories send browsers back to; registered with each, character by character.
fn redirect_uri(config: &Config) -> String {
    format!("{}/oidc/callback", config.public_url)
}

/// What a directory's failure is to who signs in, or configures it.
fn refusal(error: &OpenIdError) -> Refusal {
    use oidc::DiscoveryError as Description;
    let unusable = |reason| Refusal::DirectoryUnusable { reason };
    match error {
        OpenIdError::Unanswered { fault: Fault::NotPublic(_), .. } => unusable("private"),
        OpenIdError::Unanswered { fault: Fault::Status { status: 404, .. }, .. } => unusable("not_found"),
        OpenIdError::Description(Description::Issuer { .. }) => unusable("issuer"),
        OpenIdError::Description(Description::Address { .. }) => unusable("address"),
        OpenIdError::Description(Description::Lacks { .. }) => unusable("lacks"),
        OpenIdError::Description(_) | OpenIdError::Keys(_) => unusable("malformed"),
        OpenIdError::Exchange(_) => Refusal::StaffRefused { reason: "exchange" },
        OpenIdError::Token(refused) => Refusal::StaffRefused { reason: refused.code() },
        _ => Refusal::DirectoryUnavailable,
    }
}
