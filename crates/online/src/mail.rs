//! Mail, handed to a relay over SMTP (RFC 5321), encrypted (RFC 8314) unless the relay is on this machine.

use std::fmt;
use std::net::IpAddr;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use lettre::message::{Mailbox, header::ContentType};
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::{Category, Severity};
use lettre::{Address, Message, SmtpTransport, Transport as _};
use url::Url;

/// For how long a relay may take for each of its answers.
const ANSWER_TIME: Duration = Duration::from_secs(20);

/// Hands mails to one relay; each call makes a connection of its own, and blocks.
#[derive(Clone)]
pub struct Mailer {
    transport: SmtpTransport,
    relay: String,
    from: Mailbox,
}

/// A mail.
#[derive(Clone, Copy, Debug)]
pub struct Mail<'a> {
    /// The receiver's address.
    pub to: &'a str,
    /// Subject.
    pub subject: &'a str,
    /// Text.
    pub text: &'a str,
    /// What tells it from every other, the same when it is handed over again: the left side of its Message-ID.
    pub id: &'a str,
    /// When it was written.
    pub at: Timestamp,
}

/// Why a mail was not handed over. No variant holds an address, or what the relay said, which often holds one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MailError {
    /// The relay or the sender cannot be used.
    #[error("{0}")]
    Settings(String),
    /// The receiver's address is none that mail can have.
    #[error("the address is none that mail can have")]
    Address,
    /// The relay refuses this mail for good (RFC 5321 §4.2.2: 550, 551, 553).
    #[error("the relay refuses the mail: {0}")]
    Refused(String),
    /// It was not handed over; perhaps it will be later.
    #[error("the mail was not handed over: {0}")]
    NotNow(String),
}

impl Mailer {
    /// A relay at `smtps://user:password@host:465`, or `smtp://host:587?tls=required` (STARTTLS); without encryption only
    /// where the host is this machine. `from` is the sender, as `Vermilion <sign@example.com>`.
    ///
    /// # Errors
    /// [`MailError::Settings`] where one of them cannot be used. It repeats neither, since the address holds a password.
    pub fn new(address: &str, from: &str) -> Result<Self, MailError> {
        let settings = |what: &str| MailError::Settings(what.to_owned());
        let from: Mailbox = from.parse().map_err(|_| settings("the sender is no mail address"))?;
        let url = Url::parse(address).map_err(|_| settings("the relay's address is none"))?;
        let host = url.host_str().ok_or_else(|| settings("the relay's address has no host"))?;
        let tls = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value.into_owned());
        match (url.scheme(), tls.as_deref()) {
            ("smtps", _) | ("smtp", Some("required")) => {}
            ("smtp", None) if is_this_machine(host) => {}
            ("smtp", _) => {
                let what = "mail leaves this machine encrypted only: smtps://…, or smtp://…?tls=required";
                return Err(settings(what));
            }
            _ => return Err(settings("the relay's address begins with smtps:// or smtp://")),
        }
        let hello = ClientId::Domain(from.email.domain().to_owned());
        let transport = SmtpTransport::from_url(address)
            .map_err(|_| settings("the relay's address cannot be used"))?
            .hello_name(hello)
            .timeout(Some(ANSWER_TIME))
            .build();
        let relay = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        Ok(Self { transport, relay, from })
    }

    /// Whom it hands mails to: host and port.
    #[must_use]
    pub fn relay(&self) -> &str {
        &self.relay
    }

    /// Hands a mail over.
    ///
    /// # Errors
    /// [`MailError`] says whether to try again.
    pub fn send(&self, mail: &Mail<'_>) -> Result<(), MailError> {
        let to: Address = mail.to.parse().map_err(|_| MailError::Address)?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(mail.subject)
            .date(SystemTime::from(mail.at))
            .message_id(Some(format!("<{}@{}>", mail.id, self.from.email.domain())))
            .header(ContentType::TEXT_PLAIN)
            .body(mail.text.to_owned())
            .map_err(|_| MailError::Address)?;
        self.transport.send(&message).map(drop).map_err(|error| failure(&error))
    }
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mailer").field("relay", &self.relay).finish_non_exhaustive()
    }
}

fn failure(error: &SmtpError) -> MailError {
    let Some(code) = error.status() else {
        let what = if error.is_timeout() {
            "it took too long"
        } else if error.is_tls() {
            "TLS failed"
        } else if error.is_client() {
            "the relay does not offer what the mail or the settings need"
        } else {
            "no connection"
        };
        return MailError::NotNow(what.to_owned());
    };
    // 535 and its like blame our settings, 552 a mailbox that is full: only an address that is refused stays refused.
    let about_the_address = code.severity == Severity::PermanentNegativeCompletion
        && code.category == Category::MailSystem
        && [0, 1, 3].contains(&(u16::from(code) % 10));
    if about_the_address { MailError::Refused(code.to_string()) } else { MailError::NotNow(code.to_string()) }
}

fn is_this_machine(host: &str) -> bool {
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|it| it.to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FROM: &str = "Vermilion <sign@example.com>";

    #[test]
    fn mail_leaves_this_machine_encrypted_only() {
        for good in [
            "smtps://user:p%40ss@relay.example",
            "smtp://relay.example:2525?tls=required",
            "smtp://localhost:25",
            "smtp://127.0.0.1:2525",
            "smtp://[::1]:2525",
        ] {
            assert!(Mailer::new(good, FROM).is_ok(), "{good}");
        }
        for bad in [
            "smtp://user:secret@relay.example",
            "smtp://relay.example?tls=opportunistic",
            "https://relay.example",
            "relay.example:25",
            "",
        ] {
            let error = Mailer::new(bad, FROM).expect_err(bad).to_string();
            assert!(!error.contains("secret") && !error.contains("relay.example"), "{error}");
        }
        assert!(Mailer::new("smtp://localhost", "nobody").is_err());
    }

    #[test]
    fn a_relay_is_shown_without_its_password() {
        let mailer = Mailer::new("smtps://user:secret@relay.example:465", FROM).expect("good settings");
        assert_eq!(mailer.relay(), "relay.example:465");
        assert!(!format!("{mailer:?}").contains("secret"));
    }
}
