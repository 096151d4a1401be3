//! Codes by a carrier, from templates that it approved. Everything else still goes to the notifier: invitations carry links,
//! which carriers refuse in a template's places.

use std::collections::BTreeMap;

use domain::{JobId, Locale, Phone};
use providers::{Fault, SmsMessage, SmsProvider, SmsVerdict};

use crate::{Error, Service};

/// Sends a code. What may have been sent is not sent again; what was surely not sent is tried again by the job.
pub(super) async fn send_code(
    service: &Service,
    carrier: &dyn SmsProvider,
    job: JobId,
    phone: &str,
    locale: Locale,
    values: BTreeMap<String, String>,
) -> Result<(), Error> {
    let template = format!("code.{}", locale.tag());
    let message = SmsMessage { order: job.to_string(), phone: Phone::parse(phone)?, template, values };
    match carrier.send(&message).await {
        Ok(answer) => {
            if let SmsVerdict::Refused(why) = answer.verdict {
                tracing::warn!(provider = answer.provider, why = why.as_str(), "a carrier refused a message");
            }
            Ok(())
        }
        Err(error) => match &error.fault {
            Fault::Unreachable(_) | Fault::Busy { .. } | Fault::Resting { .. } => Err(Error::internal(error)),
            // Not looked at: a key that is given meanwhile sends it.
            Fault::Expired { .. } => {
                tracing::error!(provider = error.provider, fault = %error.fault, "a provider refuses this server");
                Err(Error::internal(error))
            }
            Fault::Status { status: 429 | 503, .. } => Err(Error::internal(error)),
            fault => {
                let now = service.now();
                tracing::error!(provider = error.provider, %fault, %now, "a message is perhaps not sent");
                Ok(())
            }
        },
    }
}
