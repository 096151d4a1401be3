//! What there is to tell, before it has words.

use domain::policy::Custody;
use domain::review::Kind;
use domain::{ActivationId, Locale};
use serde::{Deserialize, Serialize};

use crate::view::Time;

/// Something to tell someone. It is the body of a job, sealed at rest, since it holds links and codes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "notice", rename_all = "snake_case")]
pub enum Notice {
    /// A new account's address is to be verified.
    VerifyEmail {
        /// E-mail address.
        to: String,
        /// The account's name.
        name: String,
        /// Language.
        locale: Locale,
        /// The link.
        link: String,
    },
    /// Someone signed up with an address that has an account.
    AccountExists {
        /// E-mail address.
        to: String,
        /// Language.
        locale: Locale,
        /// Where to log in.
        log_in: String,
        /// Where to ask for a new password.
        reset: String,
    },
    /// A new password was asked for.
    ResetPassword {
        /// E-mail address.
        to: String,
        /// The account's name.
        name: String,
        /// Language.
        locale: Locale,
        /// The link.
        link: String,
    },
    /// A recipient is asked to sign, or reminded.
    Invitation {
        /// E-mail address or phone number.
        to: Contact,
        /// Who is asked.
        name: String,
        /// The company that is asked for its seal, or for its agent's signature.
        organization: Option<String>,
        /// Whether the company's agent signs by hand, in place of its seal.
        #[serde(default)]
        as_agent: bool,
        /// Language.
        locale: Locale,
        /// Who asks.
        sender: String,
        /// The envelope's title.
        title: String,
        /// The sender's message.
        message: String,
        /// The link, which opens the ceremony for whoever has it.
        link: String,
        /// When the envelope's time runs out.
        expires_at: Time,
        /// Whether this is the first invitation.
        kind: InvitationKind,
    },
    /// A code to type.
    Code {
        /// Phone number.
        to: String,
        /// Language.
        locale: Locale,
        /// The code.
        code: String,
        /// For how many minutes it is taken.
        minutes: u32,
        /// Until when: afterwards it is not sent.
        #[serde(default)]
        until: Option<Time>,
    },
    /// A code to type, by mail.
    MailCode {
        /// E-mail address.
        to: String,
        /// Language.
        locale: Locale,
        /// The code.
        code: String,
        /// For how many minutes it is taken.
        minutes: u32,
        /// Until when: afterwards it is not sent.
        #[serde(default)]
        until: Option<Time>,
        /// The envelope's title.
        title: String,
    },
    /// A signer's key was used.
    KeyUsed {
        /// E-mail address or phone number.
        to: Contact,
        /// Language.
        locale: Locale,
        /// The envelope's title.
        title: String,
        /// What opened it.
        custody: Custody,
        /// When.
        at: Time,
        /// The page of the signer's keys, without the secret of their link.
        #[serde(default)]
        keys: Option<String>,
        /// The activation that was spent for it, which knows how the signing ended.
        #[serde(default)]
        activation: Option<ActivationId>,
        /// How the signing ended.
        #[serde(default)]
        ended: KeyUse,
    },
    /// A check by hand was decided, or needs other pictures.
    Reviewed {
        /// E-mail address or phone number.
        to: Contact,
        /// Language.
        locale: Locale,
        /// The envelope's title.
        title: String,
        /// What was checked.
        kind: Kind,
        /// How it ended.
        result: ReviewResult,
    },
    /// A check by hand that was begun in an account was decided, or needs other pictures.
    ReviewedInAccount {
        /// The account's address.
        to: String,
        /// Language.
        locale: Locale,
        /// How it ended.
        result: ReviewResult,
        /// Where the account shows it.
        link: String,
    },
    /// A check waits for an administrator. It says neither who nor what is checked, but for its kind.
    ReviewArrived {
        /// The administrator's address.
        to: String,
        /// Language.
        locale: Locale,
        /// What is decided.
        kind: Kind,
        /// Until when.
        until: Time,
        /// The check in the queue.
        link: String,
    },
    /// The certificate came that a signer waited for.
    CertificateReady {
        /// E-mail address or phone number.
        to: Contact,
        /// Language.
        locale: Locale,
        /// The envelope's title.
        title: String,
    },
    /// The certificate that a signer waited for does not come.
    CertificateRefused {
        /// E-mail address or phone number.
        to: Contact,
        /// Language.
        locale: Locale,
        /// The envelope's title.
        title: String,
        /// Why.
        #[serde(default)]
        why: NoCertificate,
    },
    /// An account was linked to a person, or is no more.
    Link {
        /// The account's address.
        to: String,
        /// Language.
        locale: Locale,
        /// What happened.
        news: LinkNews,
        /// The person's name, masked.
        name: String,
        /// When.
        at: Time,
        /// Where the account shows it.
        link: String,
    },
    /// The real name behind a certificate lapses, or lapsed.
    Lapse {
        /// E-mail address or phone number.
        to: Contact,
        /// Language.
        locale: Locale,
        /// What happens, or happened.
        news: LapseNews,
        /// Why: the cause's word.
        cause: String,
        /// commonName of the certificate.
        name: String,
        /// Serial number, hexadecimal.
        serial: String,
        /// When it happens, or until when it can be mended.
        at: Time,
        /// Where to mend it.
        link: String,
    },
    /// Everyone has signed.
    Completed {
        /// E-mail address or phone number.
        to: Contact,
        /// Language.
        locale: Locale,
        /// The envelope's title.
        title: String,
        /// Where the sender finds it.
        link: Option<String>,
        /// Where a recipient finds it, without the secret of their link.
        #[serde(default)]
        signed: Option<String>,
    },
    /// The verification of the organization for which somebody is asked to seal has gone on, or come to nothing.
    Organization {
        /// E-mail address or phone number.
        to: Contact,
        /// Language.
        locale: Locale,
        /// The envelope's title.
        title: String,
        /// The organization's name.
        organization: String,
        /// What happened.
        news: OrganizationNews,
    },
    /// The envelope ended without being completed.
    Ended {
        /// E-mail address or phone number.
        to: Contact,
        /// Language.
        locale: Locale,
        /// The envelope's title.
        title: String,
        /// How it ended.
        how: Ending,
        /// The reason that was given.
        reason: Option<String>,
        /// Where the sender finds it.
        link: Option<String>,
    },
}

/// Why a certificate that a signer waited for does not come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoCertificate {
    /// The authority did not certify.
    #[default]
    Refused,
    /// The identity check does not count any more.
    RealName,
    /// The signer does not act for the organization any more.
    Power,
    /// A certificate of the signer's is suspended.
    OnHold,
}

/// How a use of a key ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyUse {
    /// Its signature is on record.
    #[default]
    Signed,
    /// The signing did not finish.
    Unfinished,
}

/// What happened to the verification of an organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrganizationNews {
    /// The payment was sent: its amount can be told soon.
    PaymentSent,
    /// It failed, or came back.
    PaymentFailed,
    /// Nobody told its amount in time.
    PaymentExpired,
    /// The legal representative authorized the agent.
    Authorized,
    /// They did not, or were somebody else.
    AuthorizationRefused,
    /// They did not answer in time.
    AuthorizationExpired,
}

/// What happened to the link between an account and a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkNews {
    /// It was linked.
    Linked,
    /// Another account was linked to the same person.
    OtherLinked,
    /// It was unlinked by whoever is logged in.
    Unlinked,
    /// It was unlinked because a new password was set through a mailed link.
    PasswordReset,
    /// It was unlinked because the person asked to be erased.
    Erasure,
}

impl LinkNews {
    /// The word in events.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Linked => "linked",
            Self::OtherLinked => "other_linked",
            Self::Unlinked => "unlinked",
            Self::PasswordReset => "password_reset",
            Self::Erasure => "erasure",
        }
    }
}

/// What becomes of a certificate whose real name lapses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LapseNews {
    /// It will be on hold.
    Ahead,
    /// It is on hold.
    Held,
    /// It is revoked.
    Revoked,
    /// It holds again.
    Released,
}

/// How someone is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Contact {
    /// By e-mail.
    Mail(String),
    /// By SMS.
    Sms(String),
}

/// Whether an invitation is the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvitationKind {
    /// The first.
    First,
    /// Another, with a new link.
    Reminder,
}

/// How an envelope ended without being completed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// This recipient declined.
    Declined {
        /// Who.
        by: String,
    },
    /// The sender took it back.
    Voided {
        /// The sender.
        by: String,
    },
    /// The time ran out.
    Expired,
}

/// How a check by hand ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewResult {
    /// Yes.
    Approved,
    /// No.
    Refused,
    /// Other pictures are needed.
    Asked,
}
