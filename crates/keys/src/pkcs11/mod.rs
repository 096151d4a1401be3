//! Keys on tokens: smart cards, hardware security modules and what speaks PKCS#11 like them.
//!
//! [`Token::open`] finds a token by its label, serial number or slot and logs in; [`Token::signer`] finds a private key
//! and gives a [`pki::Signer`]. Calls block for as long as the device takes; sessions are opened as threads ask for
//! them and kept for the next. A signer whose token was away, or whose device lost its connection, logs in again and finds
//! its key by itself; only to the token with the same serial number is the PIN given.
//!
//! A module keeps one login for the whole process: while a [`Token`] is open, another `open` of the same token succeeds
//! whatever its PIN. Whoever serves several users opens the token once and decides itself who may use it.
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::object::{Attribute, AttributeType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::Slot;
use cryptoki::types::AuthPin;
use pki::{Certificate, KeyRejected};

mod pool;
mod public;
mod signer;
mod store;

pub use pool::{PoolSettings, TokenKey, TokenPool};
pub use signer::TokenSigner;
pub use store::{OnToken, TokenKeyStore};

/// Objects that are looked at in one search.
const MAX_OBJECTS: usize = 256;

/// Which token.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenChoice {
    /// By the label that it was given when it was set up.
    Label(String),
    /// By its serial number.
    Serial(String),
    /// By the number of its slot, as the module gives it.
    Slot(u64),
    /// The only one there is.
    Only,
}

/// Which private key on a token.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyChoice {
    /// By CKA_LABEL.
    Label(String),
    /// By CKA_ID.
    Id(Vec<u8>),
    /// The only one there is.
    Only,
}

/// A token as its module describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenDescription {
    /// The number of its slot.
    pub slot: u64,
    /// Its label.
    pub label: String,
    /// Its serial number.
    pub serial: String,
    /// Who made it, and which model it is.
    pub model: String,
}

/// Why a token or its key cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// The module could not be loaded.
    #[error("the PKCS#11 module {module} cannot be used: {reason}")]
    Module {
        /// Its path.
        module: PathBuf,
        /// What the loader says.
        reason: String,
    },
    /// No token, or no key, is the one that was asked for.
    #[error("no {what} {wanted}; there are: {found}")]
    NotFound {
        /// `token` or `private key`.
        what: &'static str,
        /// What was asked for.
        wanted: String,
        /// What is there, by name.
        found: String,
    },
    /// Several are.
    #[error("{count} {what}s are {wanted} ({found}): say which by {by}")]
    Ambiguous {
        /// `token` or `private key`.
        what: &'static str,
        /// What was asked for.
        wanted: String,
        /// How many there are.
        count: usize,
        /// Which, by name.
        found: String,
        /// What would tell them apart.
        by: &'static str,
    },
    /// The token asks for a PIN, and none was given.
    #[error("the token asks for its PIN")]
    PinNeeded,
    /// The PIN is wrong. Few attempts are left; do not try again by yourself.
    #[error("the token refuses the PIN")]
    WrongPin,
    /// Too many wrong PINs.
    #[error("the token is locked after too many wrong PINs")]
    PinLocked,
    /// The key is of a kind that does not sign here, or the token cannot use it so.
    #[error(transparent)]
    Key(#[from] KeyRejected),
    /// The token is away, or session and login are gone with its connection.
    #[error("the token is away: {0}")]
    Lost(String),
    /// The token did not answer in time.
    #[error("the token does not answer in time")]
    TimedOut,
    /// Too many wait for the token already.
    #[error("too many signatures wait for the token")]
    Busy,
    /// Any other answer of the module.
    #[error("the token answered: {0}")]
    Device(String),
}

impl TokenError {
    /// Whether the token does not answer now, and may later.
    #[must_use]
    pub fn is_away(&self) -> bool {
        matches!(self, Self::Lost(_) | Self::TimedOut | Self::Busy | Self::NotFound { what: "token", .. })
    }
}

impl From<Error> for TokenError {
    fn from(error: Error) -> Self {
        match error {
            Error::Pkcs11(RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange, _) => {
                Self::WrongPin
            }
            Error::Pkcs11(RvError::PinLocked, _) => Self::PinLocked,
            lost if signer::is_lost(&lost) => Self::Lost(lost.to_string()),
            other => Self::Device(other.to_string()),
        }
    }
}

/// The tokens that a module sees.
pub fn tokens(module: &Path) -> Result<Vec<TokenDescription>, TokenError> {
    let context = load(module)?;
    context.get_slots_with_initialized_token()?.into_iter().map(|slot| describe(&context, slot)).collect()
}

/// A token that is open: logged in, where it asks for that, until this and all its signers are dropped.
pub struct Token {
    context: Pkcs11,
    slot: Slot,
    pin: Option<AuthPin>,
    description: TokenDescription,
    /// A module forgets the login with the last session.
    session: Mutex<Session>,
}

impl Token {
    /// Loads `module` (a shared library; it runs with all rights of this process), finds the token and logs in.
    ///
    /// ```no_run
    /// use vermilion_keys::pkcs11::{KeyChoice, Token, TokenChoice};
    /// let module = "/usr/lib/softhsm/libsofthsm2.so".as_ref();
    /// let token = Token::open(module, &TokenChoice::Label("signing".to_owned()), Some("1234"))?;
    /// let signer = token.signer(&KeyChoice::Only)?;
    /// # Ok::<(), vermilion_keys::pkcs11::TokenError>(())
    /// ```
    pub fn open(module: &Path, choice: &TokenChoice, pin: Option<&str>) -> Result<Self, TokenError> {
        let context = load(module)?;
        let (slot, description) = find_token(&context, choice)?;
        let pin = pin.map(|pin| AuthPin::from(pin.to_owned()));
        let session = log_in(&context, slot, pin.as_ref())?;
        Ok(Self { context, slot, pin, description, session: Mutex::new(session) })
    }

    /// What the module says of it.
    pub fn description(&self) -> &TokenDescription {
        &self.description
    }

    /// The X.509 certificates on the token; what cannot be read is left out.
    pub fn certificates(&self) -> Result<Vec<Certificate>, TokenError> {
        self.with_session(|session| {
            let objects = objects(session, &[Attribute::Class(ObjectClass::CERTIFICATE)])?;
            let values = objects.into_iter().filter_map(|object| value(session, object));
            Ok(values.filter_map(|der| Certificate::from_der(&der).ok()).collect())
        })
    }

    /// The labels and ids of the private keys.
    pub fn keys(&self) -> Result<Vec<(String, Vec<u8>)>, TokenError> {
        self.with_session(|session| {
            let objects = objects(session, &[Attribute::Class(ObjectClass::PRIVATE_KEY)])?;
            objects.into_iter().map(|object| name(session, object)).collect()
        })
    }

    /// A signer with the private key that `choice` names.
    pub fn signer(&self, choice: &KeyChoice) -> Result<TokenSigner, TokenError> {
        let (key, id, public_key) = self.with_session(|session| {
            let key = find_key(session, choice)?;
            let (_, id) = name(session, key)?;
            Ok((key, id, public::of(session, key)?))
        })?;
        let mut certificates = self.certificates()?;
        certificates.retain(|one| pki::is_same_key(one.public_key_der(), &public_key));
        // A renewed certificate may stand beside the old one.
        let certificate =
            certificates.into_iter().max_by_key(|one| (!one.is_self_issued(), one.not_before()));
        // A token does not say that an RSA key is for PSS alone, as its certificate does.
        let public_key = certificate.as_ref().map_or(public_key, |one| one.public_key_der().to_vec());
        TokenSigner::new(self, key, id, public_key, certificate)
    }

    fn with_session<T>(&self, work: impl FnOnce(&Session) -> Result<T, TokenError>) -> Result<T, TokenError> {
        work(&self.session.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Token({:?})", self.description)
    }
}

/// A session of a token that is logged in, where it asks for that.
fn log_in(context: &Pkcs11, slot: Slot, pin: Option<&AuthPin>) -> Result<Session, TokenError> {
    let info = context.get_token_info(slot)?;
    if info.user_pin_locked() {
        return Err(TokenError::PinLocked);
    }
    let session = context.open_ro_session(slot)?;
    if info.login_required() {
        if pin.is_none() && !info.protected_authentication_path() {
            return Err(TokenError::PinNeeded);
        }
        match session.login(UserType::User, pin) {
            Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(session)
}

/// A module is initialised once in a process, and stays.
fn load(module: &Path) -> Result<Pkcs11, TokenError> {
    static MODULES: OnceLock<Mutex<HashMap<PathBuf, Pkcs11>>> = OnceLock::new();
    let failed = |reason: String| TokenError::Module { module: module.to_owned(), reason };
    let path = module.canonicalize().map_err(|error| failed(error.to_string()))?;
    let mut modules = MODULES.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(context) = modules.get(&path) {
        return Ok(context.clone());
    }
    let context = Pkcs11::new(&path).map_err(|error| failed(error.to_string()))?;
    match context.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
        Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
        Err(Error::Pkcs11(code, _)) => {
            return Err(failed(format!(
                "it does not start ({code:?}); look at its own settings, and whether what it talks to is there"
            )));
        }
        Err(error) => return Err(failed(error.to_string())),
    }
    modules.insert(path, context.clone());
    Ok(context)
}

fn describe(context: &Pkcs11, slot: Slot) -> Result<TokenDescription, TokenError> {
    let info = context.get_token_info(slot)?;
    Ok(TokenDescription {
        slot: slot.id(),
        label: info.label().trim_end().to_owned(),
        serial: info.serial_number().trim_end().to_owned(),
        model: format!("{} {}", info.manufacturer_id().trim_end(), info.model().trim_end()),
    })
}

fn find_token(context: &Pkcs11, choice: &TokenChoice) -> Result<(Slot, TokenDescription), TokenError> {
    let mut all = Vec::new();
    for slot in context.get_slots_with_initialized_token()? {
        all.push((slot, describe(context, slot)?));
    }
    let name = |(_, d): &(Slot, TokenDescription)| {
        format!("{:?} in slot {}, serial number {}", d.label, d.slot, d.serial)
    };
    let present = list(all.iter().map(name));
    let (wanted, by) = match choice {
        TokenChoice::Label(label) => (format!("labelled {label:?}"), "serial number or slot"),
        TokenChoice::Serial(serial) => (format!("with serial number {serial:?}"), "slot"),
        TokenChoice::Slot(slot) => (format!("in slot {slot}"), "slot"),
        TokenChoice::Only => ("at hand".to_owned(), "label, serial number or slot"),
    };
    all.retain(|(_, d)| match choice {
        TokenChoice::Label(label) => d.label == *label,
        TokenChoice::Serial(serial) => d.serial == *serial,
        TokenChoice::Slot(slot) => d.slot == *slot,
        TokenChoice::Only => true,
    });
    let (count, found) = (all.len(), list(all.iter().map(name)));
    match (all.pop(), count) {
        (None, _) => Err(TokenError::NotFound { what: "token", wanted, found: present }),
        (Some(only), 1) => Ok(only),
        _ => Err(TokenError::Ambiguous { what: "token", wanted, count, found, by }),
    }
}

fn find_key(session: &Session, choice: &KeyChoice) -> Result<ObjectHandle, TokenError> {
    let class = Attribute::Class(ObjectClass::PRIVATE_KEY);
    let (wanted, by, template) = match choice {
        KeyChoice::Label(label) => {
            let attribute = Attribute::Label(label.as_bytes().to_vec());
            (format!("labelled {label:?}"), "id", vec![class, attribute])
        }
        KeyChoice::Id(id) => {
            (format!("with id {}", hex::encode(id)), "label", vec![class, Attribute::Id(id.clone())])
        }
        KeyChoice::Only => ("on the token".to_owned(), "label or id", vec![class]),
    };
    let what = "private key";
    let names = |objects: &[ObjectHandle]| {
        list(objects.iter().map(|object| {
            let (label, id) = name(session, *object).unwrap_or_default();
            format!("{label:?} with id {}", hex::encode(id))
        }))
    };
    match objects(session, &template)?.as_slice() {
        [only] => Ok(*only),
        [] => {
            let all = objects(session, &[Attribute::Class(ObjectClass::PRIVATE_KEY)])?;
            Err(TokenError::NotFound { what, wanted, found: names(&all) })
        }
        several => {
            let (count, found) = (several.len(), names(several));
            Err(TokenError::Ambiguous { what, wanted, count, found, by })
        }
    }
}

fn list(names: impl Iterator<Item = String>) -> String {
    let mut names: Vec<String> = names.collect();
    names.sort_unstable();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

fn objects(session: &Session, template: &[Attribute]) -> Result<Vec<ObjectHandle>, TokenError> {
    let mut out = Vec::new();
    for object in session.iter_objects(template)?.take(MAX_OBJECTS) {
        out.push(object?);
    }
    Ok(out)
}

/// Label and id.
fn name(session: &Session, object: ObjectHandle) -> Result<(String, Vec<u8>), TokenError> {
    let (mut label, mut id) = (String::new(), Vec::new());
    let wanted = [AttributeType::Label, AttributeType::Id];
    for attribute in session.get_attributes(object, &wanted)? {
        match attribute {
            Attribute::Label(bytes) => label = String::from_utf8_lossy(&bytes).into_owned(),
            Attribute::Id(bytes) => id = bytes,
            _ => {}
        }
    }
    Ok((label, id))
}

fn value(session: &Session, object: ObjectHandle) -> Option<Vec<u8>> {
    let attributes = session.get_attributes(object, &[AttributeType::Value]).ok()?;
    attributes.into_iter().find_map(|attribute| match attribute {
        Attribute::Value(bytes) => Some(bytes),
        _ => None,
    })
}
