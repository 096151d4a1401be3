//! The ceremony of one recipient, who needs a link and no account.

pub(crate) mod add_impression;
pub(crate) mod adopt_impression;
pub(crate) mod authorization;
pub(crate) mod consent;
pub(crate) mod decline;
pub(crate) mod device;
pub(crate) mod document_content;
pub(crate) mod fields;
pub(crate) mod identity;
pub(crate) mod identity_code;
pub(crate) mod identity_poll;
pub(crate) mod identity_refuse;
pub(crate) mod identity_resend;
pub(crate) mod identity_restart;
pub(crate) mod key;
pub(crate) mod key_replace;
pub(crate) mod letter;
pub(crate) mod my_keys;
pub(crate) mod offer;
pub(crate) mod open;
pub(crate) mod organization;
pub(crate) mod organization_face;
pub(crate) mod organization_lead;
pub(crate) mod passkey;
pub(crate) mod passkey_options;
pub(crate) mod payment;
pub(crate) mod payment_confirm;
pub(crate) mod picture;
pub(crate) mod picture_submit;
pub(crate) mod preview_impression;
pub(crate) mod proof;
pub(crate) mod show;
pub(crate) mod sign;
pub(crate) mod sign_offered;
pub(crate) mod view;
pub(crate) mod will;
pub(crate) mod will_passkey;

use serde::Deserialize;
use utoipa::ToSchema;

/// Nothing to say.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Empty {}
