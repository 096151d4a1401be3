//! The domain's words as the API spells them, in answers and in requests.

use serde::{Deserialize, Serialize};

macro_rules! mirror {
    ($(#[$doc:meta])* $name:ident of $domain:path { $($(#[$variant_doc:meta])* $variant:ident),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        impl From<$domain> for $name {
            fn from(value: $domain) -> Self {
                use $domain as Domain;
                match value { $(Domain::$variant => Self::$variant,)* }
            }
        }

        impl From<$name> for $domain {
            fn from(value: $name) -> Self {
                use $domain as Domain;
                match value { $($name::$variant => Domain::$variant,)* }
            }
        }
    };
}

mirror! {
    /// Where an envelope stands.
    EnvelopeStatus of domain::envelope::EnvelopeStatus {
        /// The sender works on it.
        Draft,
        /// It waits for recipients.
        Sent,
        /// Everyone has signed; the time-stamp over the whole is still to come.
        Completing,
        /// Everyone has signed, and the documents are finished.
        Completed,
        /// A recipient declined.
        Declined,
        /// The sender took it back.
        Voided,
        /// Its time ran out.
        Expired,
    }
}

mirror! {
    /// Who signs when.
    Order of domain::envelope::Order {
        /// Place by place.
        Sequential,
        /// All at once.
        Parallel,
    }
}

mirror! {
    /// What made a revision.
    RevisionKind of domain::envelope::RevisionKind {
        /// The sender's file.
        Original,
        /// The fields.
        Fields,
        /// A signature.
        Signature,
        /// Certificates and revocation data.
        Validation,
        /// A time-stamp over the whole document.
        TimeStamp,
    }
}

mirror! {
    /// What a recipient is.
    RecipientKind of domain::recipient::RecipientKind {
        /// A person.
        Person,
        /// A company.
        Organization,
    }
}

mirror! {
    /// How far a recipient has come.
    RecipientStatus of domain::recipient::RecipientStatus {
        /// Not asked yet.
        Waiting,
        /// Invited.
        Invited,
        /// The link was opened.
        Opened,
        /// The real name was verified.
        Identified,
        /// Signed.
        Signed,
        /// Declined.
        Declined,
    }
}

mirror! {
    /// What goes into a field.
    FieldType of domain::field::FieldType {
        /// A person's signature.
        Signature,
        /// An organization's seal.
        Seal,
        /// A date.
        Date,
        /// Words.
        Text,
    }
}

mirror! {
    /// A step of the signing ceremony.
    Step of domain::ceremony::Step {
        /// Who asks for what.
        Request,
        /// Consent.
        Consent,
        /// The person's real name.
        Identity,
        /// The organization.
        Organization,
        /// Reading and filling.
        Document,
        /// Signature or seal.
        Impression,
        /// PIN, key and certificate.
        Key,
        /// The last look.
        Confirm,
        /// Signed.
        Done,
        /// Others sign first.
        Waiting,
        /// Someone declined.
        Declined,
        /// Taken back.
        Voided,
        /// The time ran out.
        Expired,
    }
}

mirror! {
    /// A kind of identity document.
    IdKind of domain::IdKind {
        /// Resident ID card.
        ResidentId,
        /// Residence permit of residents of Hong Kong and Macau.
        ResidencePermitHkMo,
        /// Residence permit of residents of Taiwan.
        ResidencePermitTw,
        /// Mainland travel permit of residents of Hong Kong and Macau.
        TravelPermitHkMo,
        /// Mainland travel permit of residents of Taiwan.
        TravelPermitTw,
        /// Foreign permanent resident's card.
        PermanentResident,
        /// Chinese passport.
        PassportCn,
        /// Passport of another state.
        Passport,
    }
}

mirror! {
    /// How a person is verified.
    IdentityMethod of providers::PersonMethod {
        /// Name and number, and a code to a phone.
        TwoElements,
        /// Name, number and phone, and a code to it.
        ThreeElements,
        /// Name, number, phone and bank card, and a code to the phone.
        FourElements,
        /// The face, in Alipay.
        FaceAlipay,
        /// The face, in WeChat.
        FaceWechat,
        /// The face, in the browser.
        FaceBrowser,
        /// Pictures of the document, looked at by an administrator.
        DocumentPhoto,
    }
}

mirror! {
    /// Where a provider's page opens.
    OpensIn of providers::OpensIn {
        /// In any browser with a camera.
        Browser,
        /// In Alipay alone.
        Alipay,
        /// In WeChat alone.
        Wechat,
    }
}

mirror! {
    /// What personal data may be processed for.
    DataPurpose of store::Purpose {
        /// Name, number, phone and card: to verify who somebody is.
        Identity,
        /// The face, for the same.
        Face,
        /// Pictures of the document, and of the person who holds it.
        Photo,
    }
}

mirror! {
    /// What an administrator decides by hand.
    ReviewKind of domain::review::Kind {
        /// Who a person is, from pictures of their ID document.
        Identity,
        /// Whether a person acts for a company, from its signed letter.
        Letter,
    }
}

mirror! {
    /// A picture that is brought.
    ReviewPart of domain::review::Part {
        /// The document's front, or a passport's data page.
        Front,
        /// Its back.
        Back,
        /// The person, holding it beside the face.
        Selfie,
        /// A letter of authorization.
        Letter,
    }
}

mirror! {
    /// What a reviewer looks at.
    ReviewCheck of domain::review::Check {
        /// The document is of the kind that was named.
        Kind,
        /// The name is the one that was typed.
        Name,
        /// The number is the one that was typed.
        Number,
        /// It has not run out.
        Valid,
        /// Nothing in the picture was changed, and it is of the thing itself.
        Genuine,
        /// The person who holds it is the one of its photograph.
        Face,
        /// The letter is by the company that the registry knows.
        Company,
        /// It names this agent.
        Agent,
        /// It is for what is signed here.
        Scope,
        /// It carries the company's seal, or the signature of its legal representative.
        Seal,
    }
}

mirror! {
    /// Why a reviewer says no, or wants another picture.
    ReviewReason of domain::review::Reason {
        /// It cannot be read.
        Unreadable,
        /// It shows something else than what was asked for.
        WrongPicture,
        /// The name differs.
        NameDiffers,
        /// The number differs.
        NumberDiffers,
        /// It has run out.
        Expired,
        /// It was changed, or shows a copy or a screen.
        Altered,
        /// The face is hidden, or another's.
        FaceDiffers,
        /// The letter is of another company.
        CompanyDiffers,
        /// It names somebody else.
        AgentDiffers,
        /// It is for something else.
        ScopeDiffers,
        /// Neither seal nor signature.
        Unsealed,
        /// As the note says.
        Other,
    }
}
