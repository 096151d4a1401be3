//! What the domain will not do, and why: one stable code each, as the API and the user interface know it.

use std::collections::BTreeMap;

use serde::Serialize;

/// A value that a refusal's sentence needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Param {
    /// Words.
    Text(String),
    /// A count, a limit or seconds.
    Number(i64),
}

impl From<String> for Param {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<&'static str> for Param {
    fn from(value: &'static str) -> Self {
        Self::Text(value.to_owned())
    }
}

macro_rules! number_params {
    ($($number:ty),*) => {$(
        impl From<$number> for Param {
            fn from(value: $number) -> Self {
                Self::Number(i64::try_from(value).unwrap_or(i64::MAX))
            }
        }
    )*};
}
number_params!(u32, u64, i64, usize);

macro_rules! refusals {
    ($($variant:ident $({ $($param:ident: $kind:ty),* })? = $code:literal $(@ $field:literal)?, $title:literal;)*) => {
        /// A refusal. Its text is for developers and logs of the command line; users read `problem.<code>`.
        #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
        #[non_exhaustive]
        pub enum Refusal {
            $(
                #[doc = $title]
                #[error($title)]
                $variant $({ $(#[doc = "See the API's description of this code."] $param: $kind),* })?,
            )*
        }

        impl Refusal {
            /// Every code that a refusal may carry.
            pub const CODES: &'static [&'static str] = &[$($code),*];

            /// The stable code.
            #[must_use]
            pub fn code(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $code,)*
                }
            }

            /// The values that the sentence needs.
            #[must_use]
            pub fn params(&self) -> BTreeMap<&'static str, Param> {
                match self {
                    $(Self::$variant $({ $($param),* })? => BTreeMap::from([$($((stringify!($param), Param::from($param.clone()))),*)?]),)*
                }
            }

            /// The input that was refused, where one alone is to blame.
            #[must_use]
            pub fn field(&self) -> Option<&'static str> {
                match self {
                    $($(Self::$variant { .. } => Some($field),)?)*
                    _ => None,
                }
            }
        }
    };
}

refusals! {
    // Accounts
    EmailInvalid = "email_invalid" @ "email", "this is not an e-mail address";
    PasswordWeak { min: u32 } = "password_weak" @ "password", "the password needs at least {min} characters, not all alike";
    NameRequired = "name_required" @ "name", "a name is required";
    CredentialsWrong = "credentials_wrong", "e-mail or password is wrong";
    SignUpPasswordWrong = "sign_up_password_wrong" @ "password", "nobody signed up with this address and this password";
    EmailUnverified = "email_unverified" @ "email", "the e-mail address is not verified yet";
    TokenInvalid = "token_invalid" @ "token", "this link is not valid";
    TokenExpired = "token_expired" @ "token", "this link has expired";
    AccountLinked = "account_linked", "the account belongs to another person";
    AccountUnlinked = "account_unlinked", "verify who you are first: the account is linked to nobody";
    ConfirmationMissing = "confirmation_missing", "type the password again first";
    TextTooLong { limit: u32 } = "text_too_long", "the text is longer than {limit} characters";
    LimitReached { what: &'static str, limit: u32 } = "limit_reached", "no more than {limit} {what}";

    // Documents
    NotPdf = "not_pdf", "the file is not a PDF";
    PdfTruncated = "pdf_truncated", "the PDF ends too early";
    PdfDamaged { what: String } = "pdf_damaged", "the PDF is damaged: {what}";
    PdfPassword = "pdf_password", "the PDF is protected by a password";
    PdfEncryptionUnsupported = "pdf_encryption_unsupported", "the PDF is encrypted in a way that is not supported";
    PdfXfa = "pdf_xfa", "the PDF is an XFA form, which shows other content than its pages";
    PdfTooLarge { limit: u64 } = "pdf_too_large", "the file is larger than {limit} bytes";
    PdfTooManyPages { pages: u32, limit: u32 } = "pdf_too_many_pages", "the PDF has {pages} pages; {limit} are allowed";
    PdfNoChangesAllowed = "pdf_no_changes_allowed", "the PDF's author certified it against any change";
    PdfFieldsLocked = "pdf_fields_locked", "the PDF carries a signature already, so that no date or text can be added";
    DocumentLimit = "document_limit", "an envelope holds one document";
    DocumentMissing = "document_missing", "the envelope has no document";

    // Envelopes
    TitleRequired = "title_required" @ "title", "a title is required";
    ExpiryInvalid { min: u32, max: u32 } = "expiry_invalid" @ "expires_in_days", "an envelope stays open from {min} to {max} days";
    RecipientsMissing = "recipients_missing", "the envelope has no recipients";
    RecipientNameMissing = "recipient_name_missing" @ "recipients", "a recipient has no name";
    RecipientOrganizationMissing { name: String } = "recipient_organization_missing" @ "recipients", "{name} has no company";
    RecipientContactMissing { name: String } = "recipient_contact_missing" @ "recipients", "{name} has neither e-mail nor phone";
    RecipientEmailMissing { name: String } = "recipient_email_missing" @ "recipients", "{name} has no e-mail address, and this server invites by mail alone";
    WillEmailMissing { name: String } = "will_email_missing" @ "recipients", "{name} has no e-mail address, and the signing policy has every signature confirmed by a code sent to one: add it, or choose another policy";
    RecipientEmailInvalid { name: String } = "email_invalid" @ "recipients", "the e-mail address of {name} is not valid";
    RecipientPhoneInvalid { name: String } = "phone_invalid" @ "recipients", "the phone number of {name} is not valid";
    FieldOutsidePage { page: u32 } = "field_outside_page" @ "fields", "a field lies outside page {page}";
    FieldSignatureMissing { name: String } = "field_signature_missing" @ "fields", "{name} has no place to sign";
    FieldTypeMismatch { name: String } = "field_type_mismatch" @ "fields", "{name} cannot have a field of this type";
    NotDraft = "not_draft", "the envelope was sent already";
    NotSent = "not_sent", "the envelope has not been sent";
    EnvelopeState { status: &'static str } = "envelope_state", "the envelope is {status}";
    PolicyUnknown { name: String } = "policy_unknown" @ "policy", "there is no signing policy {name}";
    PolicyNotYours = "policy_not_yours" @ "policy", "the sender does not act for the organization whose signing policy this is";
    PolicyInvalid { what: &'static str } = "policy_invalid", "the signing policy's {what} cannot be taken";
    PolicyUnmet { what: &'static str } = "policy_unmet" @ "policy", "this server cannot give what the signing policy asks for: {what}";
    CustodyRefused { custody: &'static str } = "custody_refused", "the signing policy does not allow a key opened by {custody}";
    ReasonRequired = "reason_required" @ "reason", "a reason is required";

    // Signing: the way in
    LinkInvalid = "link_invalid", "this link is not valid";
    LinkExpired = "link_expired", "this link has expired";
    SessionMissing = "session_missing", "open your link again";
    StepNotReady { step: &'static str } = "step_not_ready", "the ceremony is at the step {step}";
    ConsentVersion = "consent_version", "the consent text has changed since it was shown";

    // Identity
    IdNumberInvalid { reason: &'static str } = "id_number_invalid" @ "id_number", "the ID number is not valid: {reason}";
    BankCardInvalid { reason: &'static str } = "bank_card_invalid" @ "bank_card", "the bank card number is not valid: {reason}";
    PhoneInvalid = "phone_invalid" @ "phone", "this is not a phone number";
    IdentityMismatch = "identity_mismatch", "name and ID number do not belong together";
    PhoneMismatch = "phone_mismatch" @ "phone", "the phone number is not registered to this person";
    IdentityRefused { reason: &'static str } = "identity_refused", "the authority refused the identity: {reason}";
    ProviderUnavailable { retry_after: u64 } = "provider_unavailable", "the authority does not answer; again in {retry_after} seconds";
    ProviderRefuses = "provider_refuses", "the authority does not take this server's requests: whoever runs it has to act";
    MethodUnavailable = "method_unavailable" @ "method", "nobody checks this document in this way";
    DataConsentMissing { purpose: &'static str } = "data_consent_missing" @ "consent", "the consent to process {purpose} data is missing";
    IdentityUnderage = "identity_underage", "the person is under 18";
    RecipientNameMismatch { expected: String } = "recipient_name_mismatch" @ "name", "the sender asked {expected} to sign";
    IdentityTries { retry_after: u64 } = "identity_tries", "too many tries; again in {retry_after} seconds";
    CodeWrong { tries_left: u32 } = "code_wrong" @ "code", "the code is wrong; {tries_left} tries left";
    CodeExpired = "code_expired" @ "code", "the code has expired";
    CodeLocked { retry_after: u64 } = "code_locked" @ "code", "too many wrong codes; again in {retry_after} seconds";
    ResendTooSoon { retry_after: u64 } = "resend_too_soon", "the next code can be sent in {retry_after} seconds";

    // Organization
    CreditCodeInvalid { reason: &'static str } = "credit_code_invalid" @ "credit_code", "the credit code is not valid: {reason}";
    OrganizationMismatch { what: &'static str } = "organization_mismatch", "the register knows another {what}";
    OrganizationInactive { state: String } = "organization_inactive", "the register says: {state}";
    OrganizationNotExpected { expected: String } = "organization_not_expected" @ "name", "the sender asked {expected} to seal";
    AccountInvalid = "account_invalid" @ "account_number", "this is not an account number";
    PaymentFailed { reason: String } = "payment_failed", "the payment failed: {reason}";
    PaymentLocked { until: String } = "payment_locked", "no more payments until {until}";
    AmountWrong { tries_left: u32 } = "amount_wrong" @ "amount_fen", "the amount is wrong; {tries_left} tries left";
    PaymentExpired = "payment_expired", "the payment has expired";
    PaymentAwaited = "payment_awaited", "the payment was not sent yet";
    PaymentToday { until: String } = "payment_today", "one payment a day goes to an organization; the next after {until}";
    BankRequired = "bank_required" @ "bank", "the bank that keeps the account is needed";
    OrganizationStep { state: &'static str } = "organization_step", "the organization's verification is {state}";
    OrganizationTries { retry_after: u64 } = "organization_tries", "too many wrong data of companies; again in {retry_after} seconds";
    OrganizationWayUnavailable { way: &'static str } = "organization_way_unavailable", "this server does not offer {way}";
    FaceRequired = "face_required", "the legal representative shows their face";
    LeaderContactInvalid = "leader_contact_invalid" @ "contact", "an e-mail address or a phone number of the legal representative is needed";
    LeaderEmailMissing = "leader_email_missing" @ "contact", "this server asks by mail alone: the legal representative's e-mail address is needed";
    LeaderIsAgent = "leader_is_agent" @ "contact", "this is the agent's own contact, not the legal representative's";
    AgentRevoked = "agent_revoked", "the organization took this person's power away: only its legal representative can give it back";
    AgentPower = "agent_power", "your own power for the organization does not reach so far";
    AgentEnded = "agent_ended", "this agent's power has ended already";
    TransferState { state: &'static str } = "transfer_state", "the transfer is {state}";
    TransferConflict = "transfer_conflict", "whoever takes part in the verification does not pay for it";
    ReferenceRequired = "reference_required" @ "reference", "the bank's reference is required";

    // Certificates
    CertificateState { status: &'static str } = "certificate_state", "the certificate is {status}";
    CertificateOnHold = "certificate_on_hold", "a certificate of this subject is suspended";
    CertificateRefused = "certificate_refused", "the certificate authority did not certify the key";
    RequestWaiting = "request_waiting", "a request for this certificate waits already";
    RequestDecided = "request_decided", "the request was decided already";

    // Checks by hand
    PictureInvalid { reason: &'static str } = "picture_invalid", "the picture cannot be taken: {reason}";
    PictureTooLarge { limit: u64 } = "picture_too_large", "the picture is larger than {limit} bytes";
    PictureMissing { part: String } = "picture_missing", "a picture is missing: {part}";
    ReviewClaimed { until: String } = "review_claimed", "another administrator has this check in hand until {until}";
    ReviewUnclaimed = "review_unclaimed", "take this check in hand first";
    ReviewDecided = "review_decided", "this check was decided already, or taken back";
    ReviewOwn = "review_own", "nobody decides about their own envelope or identity";
    ReviewUnchecked { check: &'static str } = "review_unchecked" @ "checks", "still to check: {check}";
    ReviewZone { what: &'static str } = "review_zone" @ "zone", "the machine-readable zone does not agree: {what}";
    ReviewRounds = "review_rounds", "no more pictures can be asked for: approve or refuse";
    SecondAdministrator = "second_administrator", "another administrator has to decide";

    // An organization's own directory
    DirectoryIssuerInvalid = "directory_issuer_invalid" @ "issuer", "this is not the address of an OpenID provider";
    DirectoryClientInvalid = "directory_client_invalid" @ "client_id", "this is not a client id";
    DirectoryDomainInvalid { domain: String } = "directory_domain_invalid" @ "domains", "{domain} is not an e-mail domain";
    DirectoryDomainsMissing = "directory_domains_missing" @ "domains", "at least one e-mail domain is required";
    DirectoryUnusable { reason: &'static str } = "directory_unusable" @ "issuer", "the directory cannot be used: {reason}";
    DirectoryUnavailable = "directory_unavailable", "the directory does not answer";
    StaffLoginInvalid = "staff_login_invalid", "this sign-in was used, or begun in another browser";
    StaffLoginExpired = "staff_login_expired", "the sign-in took too long";
    StaffDenied = "staff_denied", "the directory, or the person, refused the sign-in";
    StaffRefused { reason: &'static str } = "staff_refused", "the directory's answer was refused: {reason}";

    // Fields, impressions, key and signature
    FieldTooLong { limit: u32 } = "field_too_long" @ "values", "the text is longer than {limit} characters";
    FieldCharacter { character: String } = "field_character" @ "values", "the typeface cannot draw {character}";
    FieldDateInvalid = "field_date_invalid" @ "values", "this is not a date";
    ImpressionEmpty = "impression_empty", "nothing was drawn";
    ImpressionImageInvalid { reason: &'static str } = "impression_image_invalid", "the image cannot be used: {reason}";
    ImpressionTooLarge = "impression_too_large", "the impression is too large";
    PinWeak { reason: &'static str } = "pin_weak" @ "pin", "choose another PIN: {reason}";
    PinWrong { tries_left: u32 } = "pin_wrong" @ "pin", "the PIN is wrong; {tries_left} tries left";
    KeyLocked { until: String } = "key_locked" @ "pin", "the key is locked until {until}";
    PasskeyRefused { reason: &'static str } = "passkey_refused", "the passkey's answer is refused: {reason}";
    PasskeyUnavailable = "passkey_unavailable", "passkeys cannot be used at this server's address";
    WillMissing = "will_missing" @ "code", "the signing policy asks for a check of the will for this very signature";
    WillUnavailable { way: &'static str } = "will_unavailable" @ "will", "this check of the will cannot be had: {way}";
    TokenAway { retry_after: u64 } = "token_away", "the hardware module with the key does not answer; again in {retry_after} seconds";
    TokenRefused = "token_refused", "the hardware module refuses: whoever runs the service is to look after it";
    TimeStampUnavailable { retry_after: u64 } = "time_stamp_unavailable", "no time-stamp is to be had; again in {retry_after} seconds";
    DeviceKeyRefused { reason: &'static str } = "device_key_refused", "the device's answer is refused: {reason}";
    ActivationUsed = "activation_used", "this confirmation was used already";
    ActivationExpired = "activation_expired", "this confirmation took too long";
    FieldsMissing { labels: String } = "fields_missing" @ "values", "still to fill: {labels}";
    NotYourTurn = "not_your_turn", "someone else signs first";
    DocumentChanged = "document_changed", "the document has changed since it was shown";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_snake_case_and_params_come_along() {
        for code in Refusal::CODES {
            assert!(code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{code}");
        }
        let refusal = Refusal::PdfTooManyPages { pages: 50_000, limit: 2_000 };
        assert_eq!(refusal.code(), "pdf_too_many_pages");
        assert_eq!(refusal.params()["pages"], Param::Number(50_000));
        assert_eq!(refusal.field(), None);
        assert_eq!(Refusal::PinWrong { tries_left: 2 }.field(), Some("pin"));
        assert_eq!(Refusal::NotPdf.to_string(), "the file is not a PDF");
    }
}
